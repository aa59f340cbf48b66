// One run to its end, recorded. Arguments: the URL, the history.
package main

import (
	"io"
	"net/http"
	"os"
	"strings"
	"time"

	"walk/recorder"
)

func main() {
	url, path := os.Args[1], os.Args[2]
	history, err := recorder.New(path, map[string]any{"initial": "empty", "edition": "E-74"})
	if err != nil {
		panic(err)
	}
	client := &http.Client{Transport: history.RoundTripper(http.DefaultTransport, "c0", "admin")}
	call := func(method, place, body string) string {
		var reader io.Reader
		if body != "" {
			reader = strings.NewReader(body)
		}
		request, err := http.NewRequest(method, place, reader)
		if err != nil {
			panic(err)
		}
		request.SetBasicAuth("admin", "admin")
		if body != "" {
			request.Header.Set("Content-Type", "application/json")
		}
		response, err := client.Do(request)
		if err != nil {
			return ""
		}
		text, _ := io.ReadAll(response.Body)
		return string(text)
	}
	place := url + "/v1/nodes/1/actions/maintenance_on"
	call("POST", place, "{}")
	for !strings.Contains(call("GET", place, ""), "\"completed\"") {
		time.Sleep(10 * time.Millisecond)
	}
	call("POST", place, "{")
	call("DELETE", place, "")
	call("GET", place, "")
	call("GET", "http://127.0.0.1:1/v1/nodes/actions", "")
	history.End()
}
