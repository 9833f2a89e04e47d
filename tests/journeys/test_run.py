# SPDX-License-Identifier: EUPL-1.2
"""The first minute: ./run on a machine that lacks something."""

import hashlib
import importlib.util
import io
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
RECENT = '[ "$1" != --version ] || { echo "uv 0.13.8 (x86_64)"; exit; };'


@pytest.fixture
def bare_machine(tmp_path):
    """A checkout on a machine with a shell and little else; programs can be put on its path."""
    checkout, programs = tmp_path / "a check out", tmp_path / "bin"
    checkout.mkdir()
    programs.mkdir()
    shutil.copy(ROOT / "run", checkout)
    for name in ("sh", "dirname", "mkdir", "rm"):
        (programs / name).symlink_to(shutil.which(name))
    return checkout, programs


def run(checkout: Path, programs: Path, *words: str) -> subprocess.CompletedProcess[str]:
    command = [str(programs / "sh"), str(checkout / "run"), *words]
    environment = {"PATH": str(programs)}
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def put(programs: Path, name: str, text: str) -> None:
    (programs / name).write_text(f"#!{shutil.which('sh')}\n{text}\n")
    (programs / name).chmod(0o755)


def test_a_machine_without_python_is_told_what_to_install(bare_machine):
    answer = run(*bare_machine)
    assert answer.returncode == 4
    assert answer.stderr.splitlines() == [
        "expected Python 3.11 or newer, found none; install it (Debian 12: apt install python3)"
    ]


def test_an_older_python_is_not_enough(bare_machine):
    checkout, programs = bare_machine
    put(programs, "python3", "exit 1")
    assert run(checkout, programs).returncode == 4


def test_a_newer_python_beside_an_older_one_is_found(bare_machine):
    checkout, programs = bare_machine
    put(programs, "python3", "exit 1")
    put(programs, "python3.12", "exit 0")
    put(programs, "uv", f'{RECENT} echo "$@"')
    answer = run(checkout, programs, "demo", "--seed", "two words")
    assert answer.stdout == "run --frozen --only-group tasks -- just demo --seed two words\n"


@pytest.mark.parametrize("version", ["0.4.30", "0.9.9", "0.10.12"])
def test_a_uv_that_cannot_read_our_settings_is_passed_over(bare_machine, version):
    checkout, programs = bare_machine
    put(programs, "python3", "exit 0")
    put(programs, "uv", f"echo uv {version}")
    private = checkout / ".rekenschap/uv/bin"
    private.mkdir(parents=True)
    put(private, "uv", "echo the private one")
    assert run(checkout, programs).stdout == "the private one\n"


def test_without_a_home_the_cache_stays_in_the_checkout(bare_machine):
    checkout, programs = bare_machine
    put(programs, "python3", "exit 0")
    put(programs, "uv", f'{RECENT} echo "$UV_CACHE_DIR"')
    assert run(checkout, programs).stdout.splitlines()[-1] == f"{checkout}/.rekenschap/cache"


@pytest.fixture
def bring_uv():
    spec = importlib.util.spec_from_file_location("bring_uv", ROOT / "tools/bring_uv.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def a_wheel() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("uv-1.data/scripts/uv", "program")
    return packed.getvalue()


def test_a_wheel_with_another_hash_is_refused(bring_uv):
    with pytest.raises(SystemExit, match="found another; do not use this index"):
        bring_uv.checked(a_wheel())


def test_a_wheel_with_a_known_hash_is_unpacked(bring_uv, tmp_path, monkeypatch):
    known = f"uv==1 --hash=sha256:{hashlib.sha256(a_wheel()).hexdigest()}"
    monkeypatch.setattr(bring_uv, "REQUIREMENT", known)
    bring_uv.unpack(bring_uv.checked(a_wheel()), tmp_path / "bin/uv")
    assert (tmp_path / "bin/uv").read_text() == "program"
    assert (tmp_path / "bin/uv").stat().st_mode & 0o111


def test_the_wheel_of_this_platform_is_chosen(bring_uv, tmp_path, monkeypatch):
    monkeypatch.setattr(bring_uv, "REQUIREMENT", "uv==1.2.3")
    monkeypatch.setattr(bring_uv.platform, "machine", lambda: "x86_64")
    monkeypatch.setattr(bring_uv.platform, "libc_ver", lambda: ("glibc", "2.36"))
    monkeypatch.setattr(bring_uv.sys, "platform", "linux")
    page = tmp_path / "uv.html"
    ends = ("musllinux_1_1_x86_64", "manylinux_2_17_aarch64", "manylinux_2_17_x86_64", "win_amd64")
    links = [
        f'<a href="../files/uv-{v}-py3-none-{end}.whl#sha256=0">x</a>'
        for v in ("1.2.3", "1.2.4")
        for end in ends
    ]
    page.write_text("\n".join(links))
    chosen = bring_uv.wheel_address(page.as_uri())
    assert chosen.split("#")[0].endswith("/files/uv-1.2.3-py3-none-manylinux_2_17_x86_64.whl")


def test_the_index_of_this_machine_is_used(bring_uv, monkeypatch, tmp_path):
    for name in bring_uv.INDEX_SETTINGS:
        monkeypatch.delenv(name, raising=False)
    settings = tmp_path / "pip.conf"
    settings.write_text("[global]\nindex-url = https://mirror.example/simple\n")
    monkeypatch.setenv("PIP_CONFIG_FILE", str(settings))
    assert bring_uv.index_address() == "https://mirror.example/simple"
    monkeypatch.setenv("PIP_INDEX_URL", "https://other.example/simple")
    assert bring_uv.index_address() == "https://other.example/simple"
