"""One run to its end, recorded. Arguments: the folder of the recorder, the URL, the history."""
import sys
import time

sys.path.insert(0, sys.argv[1])
import requests
from recorder import History, Recorder

url, path = sys.argv[2:]
history = History(path, initial="empty", edition="E-74")
session = requests.Session()
session.auth = ("admin", "admin")
session.mount("http://", Recorder(history))
place = f"{url}/v1/nodes/1/actions/maintenance_on"
assert session.post(place, json={}).status_code == 200
while session.get(place).json()["status"] != "completed":
    time.sleep(0.01)
session.post(place, data="{")
session.delete(place)
assert session.get(place).status_code == 404
try:
    session.get("http://127.0.0.1:1/v1/nodes/actions")
except requests.ConnectionError:
    history.end()
