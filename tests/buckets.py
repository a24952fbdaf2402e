"""An S3-compatible store of the tests: a server of its own (moto) that speaks over the network."""

from contextlib import contextmanager
from uuid import uuid4

import boto3
from moto.server import ThreadedMotoServer

from kemnaker_portal.places import storage_from_url

KEYS = {"AWS_ACCESS_KEY_ID": "portal", "AWS_SECRET_ACCESS_KEY": "only-the-tests-use-this"}


class Store:
    """A store with one empty bucket: its ``url`` as FILES_URL has it, and what lies in it."""

    def __init__(self, server):
        self._server = server
        self.endpoint = "http://{}:{}".format(*server.get_host_and_port())
        self.name = f"portal-{uuid4().hex[:8]}"
        self.url = f"s3://{self.name}/of-tests?endpoint={self.endpoint}&region=us-east-1"
        keys = dict(zip(("aws_access_key_id", "aws_secret_access_key"), KEYS.values(), strict=True))
        self._client = boto3.client("s3", endpoint_url=self.endpoint, region_name="us-east-1", **keys)
        self._client.create_bucket(Bucket=self.name)

    def names(self):
        found = self._client.list_objects_v2(Bucket=self.name).get("Contents", [])
        return sorted(each["Key"].removeprefix("of-tests/") for each in found)

    def bytes_of(self, name):
        return self._client.get_object(Bucket=self.name, Key=f"of-tests/{name}")["Body"].read()

    def put(self, name, content):
        self._client.put_object(Bucket=self.name, Key=f"of-tests/{name}", Body=content)

    def delete(self, name):
        self._client.delete_object(Bucket=self.name, Key=f"of-tests/{name}")

    def goes_away(self):
        self._server.stop()


@contextmanager
def store_at_work():
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    try:
        yield Store(server)
    finally:
        server.stop()


def keep_files_in(store, settings, monkeypatch):
    """Let the portal keep its files there."""
    for name, value in {**KEYS, "FILES_URL": store.url}.items():
        monkeypatch.setenv(name, value)
    # What does not answer is given up at once.
    kept = storage_from_url(store.url)
    kept["OPTIONS"]["client_config"].retries = {"total_max_attempts": 1}
    settings.STORAGES = {**settings.STORAGES, "default": kept}
