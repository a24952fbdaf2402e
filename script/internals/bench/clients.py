"""Clients that keep their connection and ask one address again and again, in a process of their own.

Arguments: port, cookie, number of clients, seconds, address; prints how long each answer took (ms).
"""

import http.client
import json
import sys
import threading
import time


def main() -> None:
    port, cookie, clients, seconds, address = sys.argv[1:]
    took: list[float] = []
    failed: list[str] = []
    until = time.monotonic() + float(seconds)
    asking = [
        threading.Thread(target=ask, args=(int(port), cookie, address, until, took, failed))
        for _ in range(int(clients))
    ]
    began = time.monotonic()
    for each in asking:
        each.start()
    for each in asking:
        each.join()
    json.dump({"took": took, "failed": failed[:3], "seconds": time.monotonic() - began}, sys.stdout)


def ask(port: int, cookie: str, address: str, until: float, took: list[float], failed: list[str]) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    headers = {"Cookie": cookie, "Accept-Language": "id"}
    while time.monotonic() < until:
        began = time.perf_counter()
        try:
            connection.request("GET", address, headers=headers)
            answer = connection.getresponse()
            answer.read()
        except (OSError, http.client.HTTPException) as error:
            failed.append(repr(error))
            connection.close()
            continue
        if answer.status != 200:
            failed.append(f"{address} answered {answer.status}")
        took.append((time.perf_counter() - began) * 1000)
    connection.close()


if __name__ == "__main__":
    main()
