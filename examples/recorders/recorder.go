// Package recorder writes what an http.Client asks and is answered as a history for `action-oracle check`.
//
//	history, err := recorder.New("run.jsonl", map[string]any{"initial": "empty"})
//	client := &http.Client{Transport: history.RoundTripper(http.DefaultTransport, "c1", "admin")}
//	...
//	history.End()
package recorder

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"sync"
	"time"
)

type History struct {
	lock         sync.Mutex
	file         *os.File
	began        time.Time
	ids, records int
}

type line = map[string]any

func New(path string, header line) (*History, error) {
	file, err := os.Create(path)
	if err != nil {
		return nil, err
	}
	all := line{"format": "action-oracle/history", "version": 1, "initial": "unknown"}
	for name, value := range header {
		all[name] = value
	}
	return &History{file: file, began: time.Now()}, json.NewEncoder(file).Encode(all)
}

// write adds a line. A body is kept as it was sent: numbers stay as they were written.
func (h *History) write(record line, body []byte) {
	if json.Valid(body) {
		record["body"] = json.RawMessage(body)
	} else if len(body) > 0 {
		record["body_text"] = string(body)
	}
	h.lock.Lock()
	defer h.lock.Unlock()
	if record["kind"] == "invoke" {
		h.ids++
		record["id"].(func(int))(h.ids)
		record["id"] = h.ids
	}
	h.records++
	record["time"] = time.Since(h.began).Microseconds()
	json.NewEncoder(h.file).Encode(record)
}

func (h *History) End() error {
	h.write(line{"kind": "end", "records": h.records}, nil)
	return h.file.Close()
}

type roundTripper struct {
	history      *History
	next         http.RoundTripper
	client, role string
}

// RoundTripper records what goes through another one.
func (h *History) RoundTripper(next http.RoundTripper, client, role string) http.RoundTripper {
	return roundTripper{h, next, client, role}
}

func (r roundTripper) RoundTrip(request *http.Request) (*http.Response, error) {
	var asked []byte
	if request.Body != nil {
		asked, _ = io.ReadAll(request.Body)
		request = request.Clone(request.Context())
		request.Body = io.NopCloser(bytes.NewReader(asked))
	}
	var id int
	invoke := line{"kind": "invoke", "client": r.client, "role": r.role, "method": request.Method}
	invoke["id"], invoke["path"] = func(number int) { id = number }, request.URL.RequestURI()
	if kind := request.Header.Get("Content-Type"); len(asked) > 0 && kind != "application/json" {
		invoke["headers"] = line{"content-type": kind}
	}
	r.history.write(invoke, asked)
	response, err := r.next.RoundTrip(request)
	if err == nil {
		var answer []byte
		answer, err = io.ReadAll(response.Body)
		response.Body.Close()
		response.Body = io.NopCloser(bytes.NewReader(answer))
		if err == nil {
			r.history.write(line{"kind": "return", "id": id, "status": response.StatusCode}, answer)
			return response, nil
		}
	}
	r.history.write(line{"kind": "lost", "id": id, "why": err.Error()}, nil)
	return nil, err
}
