"""What the install script of the dashboards does, and what it says where it can or may not."""

import shutil
import subprocess

import pytest

from local_stack.home import PROJECT

VENDOR = PROJECT / "shiny/www/vendor"
# Instead of the registry: packs what the test put into `package`.
NPM = """#!/bin/sh
mkdir -p package/dist && {steps} && tar -czf echarts-5.6.0.tgz package
"""
RIGHT = f"cp '{VENDOR}/echarts.min.js' package/dist && cp '{VENDOR}/LICENSE' '{VENDOR}/NOTICE' package"
WRONG = "echo 'alert(1)' > package/dist/echarts.min.js && touch package/LICENSE package/NOTICE"
FAILS = "{ echo 'npm: no network'; exit 1; }"


class Project:
    """A copy that holds the script and what it reads; its apt-get is never the machine's."""

    def __init__(self, root, programs):
        self.root = root
        self.programs = programs
        for file in ("shiny/install.sh", "local_stack/installing.sh"):
            (root / file).parent.mkdir()
            shutil.copy(PROJECT / file, root / file)
        self.vendor = root / "shiny/www/vendor"

    def npm(self, steps):
        program = self.root / "bin/npm"
        program.parent.mkdir(exist_ok=True)
        program.write_text(NPM.replace("{steps}", steps))
        program.chmod(0o755)

    def install(self, *arguments):
        return subprocess.run(
            ["/bin/sh", self.root / "shiny/install.sh", *arguments],
            env={"PATH": f"{self.root}/bin:{self.programs}"},
            cwd="/",
            capture_output=True,
            text=True,
            check=False,
        )

    def brought(self):
        return sorted(each.name for each in self.vendor.iterdir())


@pytest.fixture
def project(tmp_path, path_without):
    return Project(tmp_path, path_without("apt-get", "npm"))


@pytest.fixture
def without_r(tmp_path, path_without):
    return Project(tmp_path, path_without("apt-get", "npm", "R", "Rscript"))


def test_here_everything_is_installed():
    check = subprocess.run(
        ["/bin/sh", PROJECT / "shiny/install.sh", "--check"], capture_output=True, text=True, check=False
    )
    assert (check.returncode, check.stdout, check.stderr) == (0, "", "")


def test_echarts_comes_with_its_licence_once(project):
    project.npm(RIGHT)
    first = project.install()
    assert (first.returncode, first.stdout, first.stderr) == (0, "install: echarts@5.6.0, with npm\n", "")
    assert project.brought() == ["LICENSE", "NOTICE", "echarts.min.js"]

    project.npm(FAILS)
    second = project.install()
    assert (second.returncode, second.stdout, second.stderr) == (0, "", "")


def test_another_file_is_refused_and_one_that_lies_there_is_replaced(project):
    project.vendor.mkdir(parents=True)
    (project.vendor / "echarts.min.js").write_text("damaged")
    project.npm(WRONG)
    refused = project.install()
    assert refused.returncode == 1
    assert refused.stderr.startswith("install: echarts@5.6.0 is not what it was: ")
    assert refused.stderr.count("\n") == 1
    assert project.brought() == ["echarts.min.js"]

    project.npm(RIGHT)
    assert project.install().returncode == 0
    assert (project.vendor / "echarts.min.js").read_bytes() == (VENDOR / "echarts.min.js").read_bytes()


def test_what_npm_says_is_shown_when_it_fails_and_the_rest_goes_on(project):
    project.npm(FAILS)
    done = project.install()
    assert (done.returncode, done.stderr) == (0, "npm: no network\n")
    assert "sh shiny/install.sh tries again" in done.stdout
    assert project.brought() == []

    check = project.install("--check")
    assert (check.returncode, check.stdout) == (1, "the dashboards need ECharts: sh shiny/install.sh\n")


def test_where_it_may_install_nothing_one_line_says_who_may(without_r):
    line = (
        "the dashboards need more: sudo apt-get install --no-install-recommends r-base-core "
        "r-cran-shiny r-cran-dbi r-cran-rpostgresql r-cran-cachem r-cran-jsonlite npm "
        "&& sh shiny/install.sh\n"
    )
    done, check = without_r.install(), without_r.install("--check")
    assert (done.returncode, done.stdout, done.stderr) == (0, f"install: {line}", "")
    assert (check.returncode, check.stdout, check.stderr) == (1, line, "")
