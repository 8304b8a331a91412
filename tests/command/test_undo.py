"""`detach --undo`: which run it means, and that it stays in its region and account."""

import json

import pytest

from tests.command.lambda_stand_in import ACCOUNT, REGION

YES = "--yes"
OTHER = "us-east-1"


@pytest.fixture
def attached(service, aftercall):
    """A function `orders`, attached."""
    service.publish("aftercall")
    service.create("orders")
    assert aftercall("attach", "orders", YES).status == 0


@pytest.fixture
def write(service, tmp_path):
    """write(...): an undo file of a later run, about a function of the same name elsewhere."""
    folder = tmp_path / "state" / "aftercall"

    def write(region, account):
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"undo-29990101T000000000000-{region}.jsonl"
        arn = f"arn:aws:lambda:{region}:{account}:function:orders"
        head = {"aftercall_undo": 1, "command": "attach", "region": region, "time": ""}
        settings: list = [{"layers": layers, "variables": {}} for layers in ([], ["arn:x"])]
        entry = {"function": arn, "name": "orders", "before": settings[0], "after": settings[1]}
        path.write_text(f"{json.dumps(head)}\n{json.dumps(entry)}\n")
        return path

    return write


def test_again_is_said_and_changes_nothing(service, aftercall, attached, tmp_path):
    (file,) = (tmp_path / "state" / "aftercall").iterdir()
    assert aftercall("detach", "--undo", YES).status == 0
    calls = len(service.calls)
    for words in (["--undo"], ["--undo", file], ["--undo", file.with_suffix(".undone")]):
        again = aftercall("detach", *words, YES)
        assert (again.status, again.err) == (0, f"already undone: {file.with_suffix('.undone')}\n")
    assert not [call for call in service.calls[calls:] if call[0] == "PUT"]


def test_what_was_put_back_by_other_means_is_said_too(service, aftercall, attached):
    assert aftercall("detach", "orders", YES, "--undo-file", "/dev/shm/none/undo").status in {0, 1}
    service.client().update_function_configuration(FunctionName="orders", Layers=[], Environment={"Variables": {}})
    result = aftercall("detach", "--undo", YES)
    assert (result.status, result.err.startswith("already undone: ")) == (0, True)


@pytest.mark.parametrize("elsewhere", [(OTHER, ACCOUNT), (REGION, "999999999999")])
def test_without_a_file_the_last_run_here_is_meant(service, aftercall, attached, write, elsewhere):
    later = write(*elsewhere)
    result = aftercall("detach", "--undo", YES)
    assert (result.status, "undo: 1 of 1" in result.out) == (0, True), result
    assert service.configuration("orders")["Layers"] == []
    assert later.exists()


def test_with_none_here_those_elsewhere_are_named(service, aftercall, write):
    write(OTHER, ACCOUNT)
    result = aftercall("detach", "--undo", YES)
    assert result.status == 2
    assert f"no undo file for {REGION} of account {ACCOUNT}" in result.err
    assert f"(there are some for {OTHER} of account {ACCOUNT})" in result.err
    assert aftercall("detach", "--undo", YES, "--region", OTHER).err.startswith("orders is no longer there")


def test_a_file_of_another_account_or_region_is_refused(service, aftercall, attached, write):
    path = write(REGION, "999999999999")
    refused = aftercall("detach", "--undo", path, YES)
    assert (refused.status, path.exists()) == (2, True)
    assert f"is about account 999999999999, your credentials are for {ACCOUNT}: give the --profile" in refused.err
    path = write(OTHER, ACCOUNT)
    refused = aftercall("detach", "--undo", path, YES, "--region", REGION)
    assert (refused.status, f"is about functions in {OTHER}: leave --region out" in refused.err) == (2, True)
    assert service.configuration("orders")["Layers"] != []
