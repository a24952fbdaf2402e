"""Clusters of the server that comes with the portal, in folders of their own."""

import shutil

import pytest

from kemnaker_portal.embedded_postgres import in_use


@pytest.fixture(scope="session")
def finished_cluster(tmp_path_factory):
    """A cluster made once and stopped, for every test that is not about making one."""
    data_dir = tmp_path_factory.mktemp("finished")
    with in_use(data_dir):
        pass
    return data_dir / "postgres"


@pytest.fixture
def data_dir(tmp_path, finished_cluster):
    folder = tmp_path / "data"
    folder.mkdir()
    shutil.copytree(finished_cluster, folder / "postgres")
    return folder
