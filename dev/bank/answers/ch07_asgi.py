"""Right answers for chapter 7."""
from dev.bank.step_versions import answer


@answer("7.7")
def chooses_among_the_bytes(self, message):
    """The names are compared as bytes, and then decoded."""
    theirs = {name.encode() for name in HOP_BY_HOP}
    pairs = [pair for pair in message.get("headers") or [] if bytes(pair[0]).lower() not in theirs]
    code = message["status"]
    self.response.start_response(
        status=str(int(code)) + " " + phrase(code),
        headers=[tuple(part.decode("iso-8859-1") for part in pair) for pair in pairs],
    )


@answer("7.7")
def takes_one_header_after_the_other(self, message):
    """A loop, and a list that grows; what start_response returns is returned, which nobody asks for."""
    headers = []
    if "headers" in message:
        for name, value in message["headers"]:
            name = str(name, "latin-1")
            if name.casefold() in HOP_BY_HOP:
                continue
            headers.append((name, str(value, "latin-1")))
    return self.response.start_response("{} {}".format(code := message["status"], phrase(code)), headers)


@answer("7.7")
def maps_and_filters(self, message):
    """Bytes of latin-1 are the first characters of Unicode."""
    def text(part):
        return "".join(map(chr, part))

    decoded = ((text(name), text(value)) for name, value in message.get("headers", {}))
    allowed = filter(lambda pair: not {pair[0].lower()} & HOP_BY_HOP, decoded)
    self.response.start_response(" ".join([f"{message['status']}", phrase(message["status"])]), [*allowed])


@answer("7.8")
def asks_for_the_head_only_where_write_does_not(self, message):
    """write sends the head along with a block; only before an empty one it must go by itself."""
    response, block = self.response, message.get("body") or b""
    last = not message.get("more_body")
    if last:
        response.known_length = len(block)
    if block:
        response.write(block)
    else:
        response.send(response.head_once())
    if last:
        response.close()
        self.ended.set()


@answer("7.8")
def has_the_end_in_a_function(self, message):
    """What follows and what does not, as two ways."""
    def send(block):
        head = self.response.head_once()
        if head:
            self.response.send(head)
        self.response.write(block)

    match message:
        case {"more_body": True}:
            send(message.get("body", b""))
        case _:
            block = message.get("body", b"")
            if not self.response.head_sent:
                self.response.known_length = len(block)
            send(block)
            self.response.close()
            self.ended.set()


@answer("7.8")
def returns_early_while_more_is_to_follow(self, message):
    """The defaults first, and what the message has over them."""
    message = {"body": b"", "more_body": False, **message}
    whole = not message["more_body"] and self.response.framing is None
    self.response.known_length = len(message["body"]) if whole else None
    self.response.send(self.response.head_once())
    self.response.write(message["body"])
    if message["more_body"]:
        return
    self.response.close()
    self.ended.set()
