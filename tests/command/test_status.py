"""Status and detach: what is told of functions in every state."""

import json

from tests.command.lambda_stand_in import ACCOUNT, REGION

WRAPPER = {"AWS_LAMBDA_EXEC_WRAPPER": "/opt/aftercall/wrapper"}


def make_functions(service):
    old = service.publish("aftercall", description="aftercall 0.0.9 (x86_64; runtime wrappers: python)")
    new = service.publish("aftercall", description="aftercall 0.1.0 (x86_64; runtime wrappers: python)")
    service.create("attached", layers=[new], variables=WRAPPER)
    service.create("broken", variables=WRAPPER)
    service.create("custom", "provided.al2023", layers=[new])
    service.create("graviton", architecture="arm64")
    service.create("image", None)
    service.create("incomplete", layers=[new])
    service.create("outdated", layers=[old], variables=WRAPPER)
    service.create("plain", "nodejs22.x")
    service.create("wrapped", variables={"AWS_LAMBDA_EXEC_WRAPPER": "/opt/theirs"})


STATES = {
    "attached": ("attached", 2, "0.1.0"),
    "broken": ("broken", None, ""),
    "custom": ("attached", 2, "0.1.0"),
    "graviton": ("refused", None, ""),
    "image": ("refused", None, ""),
    "incomplete": ("incomplete", 2, "0.1.0"),
    "outdated": ("outdated", 1, "0.0.9"),
    "plain": ("attachable", None, ""),
    "wrapped": ("refused", None, ""),
}


def test_every_state_as_json(service, aftercall):
    make_functions(service)
    result = aftercall("status", "--json")
    assert result.status == 0
    rows = {row["function"]: row for row in json.loads(result.out)}
    assert {name: (row["state"], row["layer_version"], row["aftercall"]) for name, row in rows.items()} == STATES
    assert rows["graviton"]["remark"] == "it runs on arm64, the layer is for x86_64: publish the arm64 zip too"
    assert "COPY --from" in rows["image"]["remark"]
    assert rows["custom"]["remark"].startswith("provided.al2023 ignores AWS_LAMBDA_EXEC_WRAPPER")


def test_every_state_for_people_and_what_attach_makes_of_them(service, aftercall):
    make_functions(service)
    told = aftercall("status")
    assert "eu-central-1: 2 attached, 1 outdated, 1 incomplete, 1 broken, 1 attachable, 3 refused" in told.out
    assert "newest version: 2 for x86_64" in told.out
    assert aftercall("attach", "--all", "--chain", "--yes").status == 3
    assert "7 attached, 2 refused" in aftercall("status").out


AS_ATTACH_DECIDES = {
    "attached": "keep",
    "outdated": "change",
    "incomplete": "change",
    "broken": "change",
    "attachable": "change",
    "refused": "refuse",
}


def test_status_and_attach_say_the_same(service, aftercall):
    make_functions(service)
    states = {row["function"]: row for row in json.loads(aftercall("status", "--json").out)}
    plan = json.loads(aftercall("attach", "--all", "--dry-run", "--json").out)
    decided = {row["function"]: row for row in plan["functions"]}
    assert {name: AS_ATTACH_DECIDES[row["state"]] for name, row in states.items()} == {
        name: row["decision"] for name, row in decided.items()
    }
    refused = [name for name, row in decided.items() if row["decision"] == "refuse"]
    assert [states[name]["remark"] for name in refused] == [decided[name]["reason"] for name in refused]


def test_without_a_published_layer(service, aftercall):
    service.create("plain")
    result = aftercall("status")
    assert result.status == 0
    assert "newest version: none published" in result.out


def test_a_version_that_was_deleted_is_told_by_its_number(service, aftercall):
    old = service.publish("aftercall")
    service.create("orders", layers=[old], variables=WRAPPER)
    service.publish("aftercall")
    service.client().delete_layer_version(LayerName="aftercall", VersionNumber=1)
    (row,) = json.loads(aftercall("status", "orders", "--json").out)
    assert (row["state"], row["layer_version"], row["aftercall"]) == ("outdated", 1, "")


def test_detach_of_every_state(service, aftercall):
    make_functions(service)
    before = service.configurations()
    result = aftercall("detach", "--all", "--yes")
    assert result.status == 0
    assert "5 to change, 4 as they should be, 0 refused" in result.out
    for name, configuration in service.configurations().items():
        assert configuration["Layers"] == []
        assert configuration.get("Environment", before["wrapped"]["Environment"]) == before["wrapped"]["Environment"], (
            name
        )


def test_detach_without_any_published_layer_mends_a_broken_function(service, aftercall):
    service.create("broken", variables=WRAPPER)
    assert "remove the wrapper, which has no layer" in aftercall("detach", "broken", "--yes").out
    assert "Environment" not in service.configuration("broken")


def test_a_layer_of_another_account_with_the_same_name_is_ours(service, aftercall):
    arn = f"arn:aws:lambda:{REGION}:999999999999:layer:aftercall:4"
    service.create("orders", variables=WRAPPER)
    service.overlay("orders", Layers=[{"Arn": arn, "CodeSize": 1}])
    (row,) = json.loads(aftercall("status", "orders", "--json").out)
    assert row["layer_version"] == 4
    assert f":{ACCOUNT}:" not in arn
