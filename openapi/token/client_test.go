package token_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
)

// client is a partner's HTTP client.
type client struct {
	t    testing.TB
	url  string
	http *http.Client
}

// reply is an answer with its envelope taken apart.
type reply struct {
	t      testing.TB
	status int
	header http.Header
	body   []byte
	env    envelope
}

type envelope struct {
	Data      json.RawMessage `json:"data"`
	Success   *bool           `json:"success"`
	Message   *string         `json:"message"`
	Error     *int            `json:"error"`
	Code      string          `json:"code"`
	Field     string          `json:"field"`
	Detail    string          `json:"detail"`
	RequestID string          `json:"requestId"`
}

func basic(p person) string {
	return "Basic " + base64.StdEncoding.EncodeToString([]byte(p.email+":"+p.key))
}

func bearer(token string) string { return "Bearer " + token }

// do sends a request and checks what every answer must have: the envelope's four keys, and the headers.
func (c *client) do(method, path, authorization, body string, headers ...string) *reply {
	c.t.Helper()
	request, err := http.NewRequest(method, c.url+path, strings.NewReader(body))
	must(c.t, err)
	if body != "" {
		request.Header.Set("Content-Type", "application/json")
	}
	if authorization != "" {
		request.Header.Set("Authorization", authorization)
	}
	for i := 0; i+1 < len(headers); i += 2 {
		request.Header.Set(headers[i], headers[i+1])
	}
	response, err := c.http.Do(request)
	must(c.t, err)
	defer response.Body.Close()
	data, err := io.ReadAll(response.Body)
	must(c.t, err)
	r := &reply{t: c.t, status: response.StatusCode, header: response.Header, body: data}
	if method == http.MethodHead || response.StatusCode == http.StatusNoContent {
		return r
	}
	r.checkEnvelope()
	return r
}

func (r *reply) checkEnvelope() {
	r.t.Helper()
	var keys map[string]json.RawMessage
	if err := json.Unmarshal(r.body, &keys); err != nil {
		r.t.Fatalf("%d: no JSON: %q", r.status, r.body)
	}
	for _, key := range []string{"data", "success", "message", "error"} {
		if _, ok := keys[key]; !ok {
			r.t.Errorf("%d: the envelope lacks %q: %s", r.status, key, r.body)
		}
	}
	must(r.t, json.Unmarshal(r.body, &r.env))
	if *r.env.Success != (r.status == http.StatusOK) || *r.env.Success != (r.env.Error == nil) {
		r.t.Errorf("%d: success and error do not fit: %s", r.status, r.body)
	}
	if !*r.env.Success && !bytes.Equal(r.env.Data, []byte("null")) {
		r.t.Errorf("%d: a failure has data: %s", r.status, r.body)
	}
	if r.header.Get("Pontage-Request-Id") == "" || !strings.HasPrefix(r.header.Get("Content-Type"), "application/json") {
		r.t.Errorf("%d: headers: %v", r.status, r.header)
	}
}

// ok fails unless the answer is a success, and reads its data.
func (r *reply) ok(into any) *reply {
	r.t.Helper()
	if r.status != http.StatusOK {
		r.t.Fatalf("status %d: %s", r.status, r.body)
	}
	if into != nil {
		if err := json.Unmarshal(r.env.Data, into); err != nil {
			r.t.Fatalf("data: %v: %s", err, r.body)
		}
	}
	return r
}

// fails compares status, number and text, and the field at fault where one is given.
func (r *reply) fails(status, number int, message string, field ...string) *reply {
	r.t.Helper()
	if r.status != status || r.env.Error == nil || *r.env.Error != number || message != "" && *r.env.Message != message {
		r.t.Errorf("want %d/%d %q, got %d: %s", status, number, message, r.status, r.body)
	}
	if len(field) > 0 && r.env.Field != field[0] {
		r.t.Errorf("want field %q: %s", field[0], r.body)
	}
	return r
}

type tokenData struct {
	Token        string         `json:"token"`
	Name         string         `json:"name"`
	CreatedAt    string         `json:"createdAt"`
	ExpireAt     string         `json:"expireAt"`
	UpdatedAt    string         `json:"updatedAt"`
	Scopes       []string       `json:"scopes"`
	RefreshToken *string        `json:"refreshToken"`
	Limits       map[string]any `json:"limits"`
	Stats        map[string]any `json:"stats"`
}

// create makes a token with the account's credentials.
func (w *world) create(p person, body string) tokenData {
	w.t.Helper()
	var d tokenData
	w.client.do("POST", "/tokens", basic(p), body).ok(&d)
	return d
}

// id is the public part of a bearer.
func (d tokenData) id() string {
	parts := strings.Split(d.Token, "_")
	if len(parts) < 3 {
		return d.Token
	}
	return parts[2]
}
