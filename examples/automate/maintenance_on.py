#!/usr/bin/env python3
"""Puts a node into maintenance, and returns when it is there.

    maintenance_on.py https://127.0.0.1:9443 1 admin admin

Ends with 0 when the node is in maintenance, with 1 and a sentence when it is not.
"""

import sys
import time

import requests

ENDS_BADLY = {"failed", "cancelled", "aborted"}


def read(session, action_url):
    """The action as the cluster shows it; None if it has not run."""
    answer = session.get(action_url, timeout=10)
    if answer.status_code == 404:
        return None
    answer.raise_for_status()
    return answer.json()


def submit(session, action_url):
    """Starts the action, or joins the run that is under way."""
    known = (read(session, action_url) or {}).get("task_id")
    for _ in range(5):
        try:
            answer = session.post(action_url, json={}, timeout=10)
        except requests.ConnectionError:
            # Nobody answered, but the request may have been carried out: then there is another task than before.
            found = read(session, action_url)
            if found is not None and found.get("task_id") != known:
                return
            continue
        if answer.status_code == 409:
            print("a run is under way already; waiting for that one")
            return
        answer.raise_for_status()
        return
    sys.exit("the cluster does not answer")


def wait(session, action_url):
    """The action at its end."""
    for _ in range(10_000):
        action = read(session, action_url)
        if action is None:
            sys.exit("the action is gone")
        if action["status"] == "completed" or action["status"] in ENDS_BADLY:
            return action
        time.sleep(0.01)
    sys.exit("the action does not end")


def main():
    base, node, user, password = sys.argv[1:5]
    action_url = f"{base}/v1/nodes/{node}/actions/maintenance_on"
    with requests.Session() as session:
        session.auth = (user, password)
        submit(session, action_url)
        action = wait(session, action_url)
    if action["status"] in ENDS_BADLY:
        sys.exit(f"maintenance_on {action['status']}: {action.get('error_code', 'no error code')}")
    print(f"node {node} is in maintenance")


if __name__ == "__main__":
    main()
