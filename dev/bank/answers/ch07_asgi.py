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
    return self.response.start_response("%d %s" % (message["status"], phrase(message["status"])), headers)


@answer("7.7")
def maps_and_filters(self, message):
    """Bytes of latin-1 are the first characters of Unicode."""
    def text(part):
        return "".join(map(chr, part))

    decoded = ((text(name), text(value)) for name, value in message.get("headers", {}))
    allowed = filter(lambda pair: not {pair[0].lower()} & HOP_BY_HOP, decoded)
    self.response.start_response(" ".join([f"{message['status']}", phrase(message["status"])]), [*allowed])
