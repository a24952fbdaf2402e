"""System packages the portal needs: found by what they bring, installed by apt where allowed."""

import ctypes
import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from script.internals.steps import StepFailed

# WeasyPrint opens these when it makes a PDF.
LIBRARIES = {
    "libpango-1.0.so.0": "libpango-1.0-0",
    "libpangoft2-1.0.so.0": "libpangoft2-1.0-0",
    "libharfbuzz-subset.so.0": "libharfbuzz-subset0",
}
# Reads scans and photos; without it a scan says that it could not be read (docs/operations.md).
READER_OF_PICTURES = {"osd": "tesseract-ocr", "ind": "tesseract-ocr-ind"}
PROGRAMS_OF_THE_CHECKS = {
    "chromium": "chromium",
    "pdftotext": "poppler-utils",
    "msgfmt": "gettext",
    "age": "age",
}
# What their packages would start at once, and with every start of the machine: the checks run the program
# alone, unpacked into this folder of their data.
UNPACKED_FOR_THE_CHECKS = {"nginx": "nginx"}
UNPACKED = "programs"
_OF_ADMINISTRATORS = "/usr/local/sbin:/usr/sbin:/sbin"


def missing(for_checks: bool, for_an_environment: bool) -> list[str]:
    """The packages whose library, program or module is not there."""
    wanted = [package for library, package in LIBRARIES.items() if not _loads(library)]
    if for_an_environment and importlib.util.find_spec("ensurepip") is None:
        wanted.append(f"python{sys.version_info.major}.{sys.version_info.minor}-venv")
    if for_checks:
        wanted += [p for name, p in PROGRAMS_OF_THE_CHECKS.items() if not shutil.which(name)]
        wanted += missing_for_pictures()
    return wanted


def missing_for_pictures() -> list[str]:
    """The packages by which pictures of pages are read, and that are not there."""
    program = shutil.which("tesseract")
    if program is None:
        return list(READER_OF_PICTURES.values())
    said = subprocess.run([program, "--list-langs"], capture_output=True, text=True)
    return [package for known, package in READER_OF_PICTURES.items() if known not in said.stdout.split()]


def install(packages: list[str], log: Path) -> None:
    """Install packages by apt, as root or by a sudo that asks nothing."""
    as_root = _as_root()
    if as_root is None:
        raise StepFailed(
            f"System packages are missing: run 'sudo apt-get install {' '.join(packages)}' and start again."
        )
    # A start that was killed may have left dpkg half-way, or a running apt that holds the lock.
    wait = ["-o", "DPkg::Lock::Timeout=300"]
    put = ["apt-get", "install", "-y", "--no-install-recommends", *wait, *packages]
    repair = [["dpkg", "--configure", "-a"], ["apt-get", "update", *wait]]
    with log.open("ab") as stream:
        for command in (put, *repair, put):
            done = subprocess.run(
                [*as_root, "env", "DEBIAN_FRONTEND=noninteractive", *command],
                stdin=subprocess.DEVNULL,
                stdout=stream,
                stderr=stream,
            )
            if command is put and done.returncode == 0:
                return
    raise StepFailed(
        f"apt could not install {' '.join(packages)} (see {log}): install by hand and start again."
    )


def find_program(name: str, folder: Path) -> str | None:
    """The program that the machine has, or that was unpacked; an ordinary user's PATH lacks where it lies."""
    package = UNPACKED_FOR_THE_CHECKS[name]
    places = (os.environ.get("PATH", ""), "/usr/sbin", f"{folder / package / 'usr/sbin'}")
    return shutil.which(name, path=os.pathsep.join(places))


def missing_to_unpack(folder: Path) -> list[str]:
    """The packages whose program is neither on the machine nor in that folder."""
    return [p for name, p in UNPACKED_FOR_THE_CHECKS.items() if not find_program(name, folder)]


def unpack(package: str, folder: Path, log: Path) -> None:
    """Put what a package holds into a folder of its name, without installing it; that asks for no root."""
    folder.mkdir(exist_ok=True)
    fetch = ["apt-get", "download", package]
    # A machine that is new knows of no packages yet.
    commands = [fetch, [*(_as_root() or []), "apt-get", "update"], fetch]
    with tempfile.TemporaryDirectory(dir=folder) as aside, log.open("ab") as stream:
        for command in commands if shutil.which("apt-get") else []:
            done = subprocess.run(command, cwd=aside, stdin=subprocess.DEVNULL, stdout=stream, stderr=stream)
            if command is fetch and done.returncode == 0:
                break
        else:
            raise StepFailed(
                f"{package} could not be fetched (see {log}): run 'sudo apt-get update' and start again."
            )
        (archive,) = Path(aside).glob("*.deb")
        whole = Path(aside) / "whole"
        subprocess.run(["dpkg-deb", "--extract", archive, whole], check=True)
        whole.replace(folder / package)


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def _as_root() -> list[str] | None:
    if not shutil.which("apt-get"):
        return None
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo"):
        asked = subprocess.run(["sudo", "-n", "true"], capture_output=True)
        if asked.returncode == 0:
            return ["sudo", "-n"]
    return None
