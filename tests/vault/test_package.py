"""What holds for the whole package: what it stands on, what it offers, what it never shows."""

import ast
import inspect
import sys
from dataclasses import is_dataclass
from pathlib import Path

import pytest

import vault

FILES = sorted(Path(vault.__file__).parent.glob("*.py"))
KNOBS = {"nonce", "iv", "salt", "mode", "tag", "aad", "associated_data", "iterations", "memory_cost", "lanes"}


def imported(file: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0
            names.add(node.module or "")
    return {name.split(".")[0] for name in names}


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_the_vault_stands_on_the_standard_library_and_cryptography(file: Path) -> None:
    assert imported(file) <= set(sys.stdlib_module_names) | {"cryptography", "vault"}


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_nothing_in_the_vault_prints_or_logs(file: Path) -> None:
    assert not imported(file) & {"logging", "warnings", "traceback", "pickle"}
    calls = {
        node.func.id
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }
    assert not calls & {"print", "open", "eval", "exec"}


@pytest.mark.parametrize("name", [name for name in vault.__all__ if inspect.isfunction(getattr(vault, name))])
def test_no_public_function_takes_a_knob(name: str) -> None:
    assert not KNOBS & set(inspect.signature(getattr(vault, name)).parameters)


@pytest.mark.parametrize("name", vault.__all__)
def test_everything_public_says_what_it_is(name: str) -> None:
    thing = getattr(vault, name)
    if inspect.isfunction(thing) or is_dataclass(thing):
        assert thing.__doc__
        assert not thing.__doc__.startswith(f"{name}(")


def test_one_small_family_of_errors() -> None:
    assert issubclass(vault.Unreadable, vault.VaultError)
    assert issubclass(vault.Untrusted, vault.VaultError)
    assert issubclass(vault.Mistyped, vault.Unreadable)
    assert not issubclass(vault.Untrusted, vault.Unreadable)


def test_a_failure_says_nothing_about_what_failed() -> None:
    key = vault.Key.new()
    sealed = vault.seal(key, b"secret", vault.Context("here"))
    with pytest.raises(vault.Unreadable) as failure:
        vault.unseal(key, sealed, vault.Context("elsewhere"))
    assert str(failure.value) == ""
    assert failure.value.__cause__ is None
    assert failure.value.__suppress_context__
