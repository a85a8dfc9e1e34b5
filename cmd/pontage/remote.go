package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/pontage/pontage/server"
)

// remoteTimeout bounds a question to a running instance.
const remoteTimeout = 30 * time.Second

// remote is a running instance, and as whom to ask it.
type remote struct {
	Server string `help:"Where the instance is; the public URL of its configuration if absent." placeholder:"URL"`
	Email  string `help:"E-mail of the account." placeholder:"ADDRESS"`
	Key    string `help:"API key of the account; better as PONTAGE_KEY, which others on the machine cannot read." placeholder:"KEY"`
	Token  string `help:"A token in place of e-mail and key; better as PONTAGE_TOKEN." placeholder:"TOKEN"`
}

// check says what is missing to ask.
func (r remote) check() error {
	if r.Token == "" && (r.Email == "" || r.Key == "") {
		return errors.New("say as whom: --email and --key, or --token (PONTAGE_EMAIL, PONTAGE_KEY, PONTAGE_TOKEN)")
	}
	return nil
}

// ask sends a request and reads the data of its answer; body is nil where there is none. A refusal is an error with its message.
func (r remote) ask(s *session, instance, method, path string, body, data any) error {
	request, err := r.request(s, instance, method, path, body)
	if err != nil {
		return err
	}
	response, err := (&http.Client{Timeout: remoteTimeout, CheckRedirect: asItIs}).Do(request)
	if err != nil {
		return fmt.Errorf("%w; is it running, and is that its address (--server)?", err)
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(response.Body, mostAnswer))
	if err != nil {
		return err
	}
	var envelope struct {
		Data    json.RawMessage
		Success *bool
		Message string
	}
	if json.Unmarshal(answer, &envelope) != nil || envelope.Success == nil {
		return fmt.Errorf("%s is no instance of Pontage: it answers %s", request.URL.Host, response.Status)
	}
	if !*envelope.Success {
		return fmt.Errorf("%s (%s)", strings.TrimSuffix(envelope.Message, "."), response.Status)
	}
	return json.Unmarshal(envelope.Data, data)
}

// address is where an instance runs, as said or as its configuration has it, without a slash at its end.
func (s *session) address(said, instance string) string {
	if said == "" {
		said = map[string]server.Endpoint{server.Production: s.cli.Production, server.Sandbox: s.cli.Sandbox}[instance].PublicURL
	}
	return strings.TrimSuffix(said, "/")
}

func (r remote) request(s *session, instance, method, path string, body any) (*http.Request, error) {
	var content []byte
	if body != nil {
		var err error
		if content, err = json.Marshal(body); err != nil {
			return nil, err
		}
	}
	request, err := http.NewRequestWithContext(s, method, s.address(r.Server, instance)+path, bytes.NewReader(content))
	if err != nil {
		return nil, err
	}
	if body != nil {
		request.Header.Set("Content-Type", "application/json")
	}
	if r.Token != "" && (r.Email == "" || r.Key == "") {
		request.Header.Set("Authorization", "Bearer "+r.Token)
	} else {
		request.SetBasicAuth(r.Email, r.Key)
	}
	return request, nil
}
