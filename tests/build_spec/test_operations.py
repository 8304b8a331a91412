"""The table of AWS's operations: what it is made of, and that its pin alone decides its bytes."""

from __future__ import annotations

import re
import zlib
from pathlib import Path

import pytest

from build_spec import operations
from build_spec.operations import Operation, Service

REQUIREMENTS = Path(__file__).parents[2] / "build_spec" / "requirements"


def service(service_id: str, *, signing_name: str = "x", is_rest: bool = True, **others) -> Service:
    told = {"endpoint_prefix": signing_name, "target_prefix": "", "version": "2020", "operations": (), **others}
    return Service(signing_name=signing_name, service_id=service_id, is_rest=is_rest, **told)


def operation(name: str, path: str = "/", *, method: str = "GET", **others) -> Operation:
    told = {"query": (), "required_query": (), "required_headers": (), **others}
    return Operation(name=name, method=method, path=path, **told)


def inflated(data: bytes, words: bytes = b"") -> str:
    return zlib.decompressobj(-15, words).decompress(data).decode()


def part(table: tuple[bytes, bytes, bytes], service_id: str) -> list[str]:
    index, words, parts = table
    (row,) = [line.split("\t") for line in inflated(index).split("\n") if f"\t{service_id}\t" in line]
    start, length = int(row[5]), int(row[6])
    return inflated(parts[start : start + length], inflated(words).encode()).split("\n") if length else []


def test_the_command_and_the_table_know_the_same_operations() -> None:
    """boto3 of the development environment is what the tests ask for the expected names."""
    pins = [
        re.findall(r"^botocore==(\S+)", (REQUIREMENTS / f"{name}.txt").read_text(), re.MULTILINE)
        for name in ("models", "develop")
    ]
    assert pins[0] == pins[1] != []


def test_the_same_pin_gives_the_same_bytes(tmp_path) -> None:
    again = tmp_path / "operations_table.py"
    operations.make(again, operations.ROOT / ".cache" / "downloads")
    assert again.read_bytes() == operations.TABLE.read_bytes()


def test_what_is_there_is_not_made_again(tmp_path, monkeypatch) -> None:
    table = tmp_path / "table.py"
    operations.make(table, operations.ROOT / ".cache" / "downloads")
    monkeypatch.setattr(operations, "models", lambda wheel: pytest.fail("made again"))
    operations.make(table, tmp_path)


def test_a_table_of_another_pin_is_made_again(tmp_path) -> None:
    table = tmp_path / "table.py"
    table.write_text('"""Made by build_spec/operations.py; 0123."""\nINDEX = ""\n')
    operations.make(table, operations.ROOT / ".cache" / "downloads")
    assert "WORDS = " in table.read_text()


def test_a_wheel_of_another_hash_is_not_taken(tmp_path, monkeypatch) -> None:
    (tmp_path / "botocore-1.0-py3-none-any.whl").write_bytes(b"something else")
    monkeypatch.setattr(operations, "_download", lambda cache: None)
    with pytest.raises(operations.OperationsError, match="pinned hash: empty that folder"):
        operations.wheel_of(tmp_path)


def test_the_largest_service_of_a_signing_name_comes_first() -> None:
    few, many = (
        service("Few", operations=(operation("A"),)),
        service("Many", operations=(operation("A"), operation("B"))),
    )
    index = inflated(operations.table_of([few, many, service("Other", signing_name="a")])[0])
    assert re.findall(r"\t(\w+)\t\d+\t\d+\n", index) == ["Other", "Many", "Few"]


def test_what_tells_alike_paths_apart_is_written_there_alone() -> None:
    put = operation("Put", "/{B}/{K+}", method="PUT", required_headers=("x",))
    upload = operation("Upload", "/{Bucket}/{Key+}", method="PUT", required_query=("partNumber",))
    other = operation("Other", "/{B}", method="PUT", query=("acl",), required_query=("needed",))
    table = operations.table_of([service("S", operations=(put, upload, other))])
    assert part(table, "S") == [
        "Put\tPUT\t/{B}/{K+}\t\tx",
        "Upload\tPUT\t/{Bucket}/{Key+}\tpartNumber\t",
        "Other\tPUT\t/{B}\tacl\t",
    ]


def test_names_are_written_where_the_target_does_not_tell_services_apart() -> None:
    one = service("One", is_rest=False, target_prefix="T", operations=(operation("A"),))
    two = service("Two", is_rest=False, target_prefix="T", operations=(operation("B"),))
    alone = service("Alone", is_rest=False, target_prefix="U", operations=(operation("C"),))
    table = operations.table_of([one, two, alone])
    assert [part(table, name) for name in ("One", "Two", "Alone")] == [["A"], ["B"], []]
