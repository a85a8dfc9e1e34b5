package main

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"
)

// callTimeout bounds a call with its answer.
const callTimeout = 5 * time.Minute

// make makes the call through the running instance and prints decision, price and answer.
func (c callCommand) make(s *session) error {
	request, err := c.request(s)
	if err != nil {
		return err
	}
	response, err := (&http.Client{Timeout: callTimeout, CheckRedirect: asItIs}).Do(request)
	if err != nil {
		return fmt.Errorf("%w; is it running, and is that its address (--server)?", err)
	}
	defer response.Body.Close()
	m, err := readMade(response)
	if err != nil {
		return err
	}
	if err := s.print(m, m.write); err != nil {
		return err
	}
	if m.Status >= http.StatusBadRequest {
		return fmt.Errorf("the answer is %d %s", m.Status, http.StatusText(m.Status))
	}
	return nil
}

// asItIs shows a redirect as the answer it is: what it leads to would be another call.
func asItIs(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }

func (c callCommand) request(s *session) (*http.Request, error) {
	target, err := c.target(s)
	if err != nil {
		return nil, err
	}
	body, err := c.content()
	if err != nil {
		return nil, err
	}
	request, err := http.NewRequestWithContext(s, strings.ToUpper(c.What), target, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	if len(body) > 0 {
		request.Header.Set("Content-Type", "application/json")
	}
	for _, line := range c.Header {
		name, value, _ := strings.Cut(line, ":")
		request.Header.Set(strings.TrimSpace(name), strings.TrimSpace(value))
	}
	request.Header.Set("Authorization", "Bearer "+c.Token)
	return request, nil
}

// target is where the running instance takes the call: an address below its /apis/ as it is, any other by the API's host.
func (c callCommand) target(s *session) (string, error) {
	text := c.URL
	if !strings.Contains(text, "://") {
		text = "https://" + text
	}
	api, err := url.Parse(text)
	if err != nil {
		return "", err
	}
	if strings.HasPrefix(api.Path, "/apis/") {
		return text, nil
	}
	target := s.address(c.Server, s.cli.Instance) + "/apis/" + api.Hostname() + api.EscapedPath()
	if api.RawQuery != "" {
		target += "?" + api.RawQuery
	}
	return target, nil
}

func (c callCommand) content() ([]byte, error) {
	switch {
	case c.Body == "@-":
		return io.ReadAll(os.Stdin)
	case strings.HasPrefix(c.Body, "@"):
		return os.ReadFile(c.Body[1:])
	}
	return []byte(c.Body), nil
}
