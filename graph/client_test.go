package graph_test

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
)

// reply is an answer over HTTP.
type reply struct {
	Status     int
	Header     http.Header
	Raw        string
	Data       map[string]any
	Errors     []failure
	Extensions struct{ RequestID string }
}

type failure struct {
	Message    string
	Path       []any
	Extensions struct {
		Code, Field, Limit string
		Most               int
	}
}

// code is that of the first error, "" where there is none.
func (r *reply) code() string {
	if len(r.Errors) == 0 {
		return ""
	}
	return r.Errors[0].Extensions.Code
}

// get walks down the data: names and numbers, "tokens.nodes.0.id".
func (r *reply) get(path string) any {
	var v any = r.Data
	for step := range strings.SplitSeq(path, ".") {
		switch at := v.(type) {
		case map[string]any:
			v = at[step]
		case []any:
			i := int(step[0] - '0')
			if len(step) != 1 || i >= len(at) {
				return nil
			}
			v = at[i]
		default:
			return nil
		}
	}
	return v
}

func (r *reply) text(path string) string {
	s, _ := r.get(path).(string)
	return s
}

// ask sends a document with Basic ("user:key"), cookie ("Cookie name=text") or bearer authorisation.
func (w *world) ask(authorization, query string, variables map[string]any, headers ...string) *reply {
	w.Helper()
	if strings.HasPrefix(query, withFile) {
		return w.upload(authorization, query, map[string]any{"file": nil}, "variables.file", []byte("no picture"), headers...)
	}
	body, err := json.Marshal(map[string]any{"query": query, "variables": variables})
	must(w, err)
	return w.post(authorization, string(body), append([]string{"Content-Type", "application/json"}, headers...)...)
}

func (w *world) post(authorization, body string, headers ...string) *reply {
	w.Helper()
	request, err := http.NewRequestWithContext(w.Context(), http.MethodPost, w.url, strings.NewReader(body))
	must(w, err)
	return w.send(request, authorization, headers...)
}

func (w *world) send(request *http.Request, authorization string, headers ...string) *reply {
	w.Helper()
	if cookie, ok := strings.CutPrefix(authorization, "Cookie "); ok {
		request.Header.Set("Cookie", cookie)
	} else if user, key, basic := strings.Cut(authorization, ":"); basic {
		request.SetBasicAuth(user, key)
	} else if authorization != "" {
		request.Header.Set("Authorization", "Bearer "+authorization)
	}
	for i := 0; i < len(headers); i += 2 {
		request.Header.Add(headers[i], headers[i+1])
	}
	response, err := http.DefaultClient.Do(request)
	must(w, err)
	defer response.Body.Close()
	raw, err := io.ReadAll(response.Body)
	must(w, err)
	r := &reply{Status: response.StatusCode, Header: response.Header, Raw: string(raw)}
	if strings.Contains(response.Header.Get("Content-Type"), "json") && !strings.HasPrefix(r.Raw, "[") {
		decoder := json.NewDecoder(strings.NewReader(r.Raw))
		decoder.UseNumber()
		if err := decoder.Decode(r); err != nil && response.Header.Get("Content-Encoding") == "" {
			w.Fatalf("%d %s: %v", r.Status, r.Raw, err)
		}
	}
	return r
}

// data asks what must be answered without an error.
func (w *world) data(authorization, query string, variables map[string]any) *reply {
	w.Helper()
	r := w.ask(authorization, query, variables)
	if len(r.Errors) > 0 || r.Status != http.StatusOK {
		w.Fatalf("%s\n%d %s", query, r.Status, r.Raw)
	}
	return r
}
