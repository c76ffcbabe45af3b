"""Readers of requests that are written in a hurry: each has a bug to spot."""
import socket
from urllib.parse import unquote


def first_name_and_value(line: str) -> list[str]:
    return line.split(": ")


def second_name_and_value(line: str) -> list[str]:
    return line.split(":")


def all_fields(pairs: list[tuple[str, str]]) -> dict[str, str]:
    return dict(pairs)


def path_and_query(target: str) -> tuple[str, str]:
    path, _, query = unquote(target).partition("?")
    return path, query


def body_of_length(connection: socket.socket, length: int) -> bytes:
    return connection.recv(length)


def body_in_chunks(data: bytes) -> bytes:
    lines = data.split(b"\r\n")
    return b"".join(lines[1:-2:2])
