package sandbox

import (
	"bytes"
	"io"
	"net/http"
	"strconv"

	"github.com/pontage/pontage"
)

func response(a pontage.Answer, r *http.Request) *http.Response {
	header := http.Header{}
	if a.ContentType != "" {
		header.Set("Content-Type", a.ContentType)
	}
	body := a.Body
	if bodyless(a.Status) {
		body = nil
	} else {
		header.Set("Content-Length", strconv.Itoa(len(body)))
	}
	resp := &http.Response{
		Status: strconv.Itoa(a.Status) + " " + http.StatusText(a.Status), StatusCode: a.Status,
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: header, ContentLength: int64(len(body)), Body: http.NoBody, Request: r,
	}
	if r.Method != http.MethodHead && len(body) > 0 {
		resp.Body = io.NopCloser(bytes.NewReader(body))
	}
	return resp
}

// bodyless says whether HTTP forbids a body with the status.
func bodyless(status int) bool {
	return status < 200 || status == http.StatusNoContent || status == http.StatusNotModified
}

// breakOff makes an answer end in its middle; one without a body is announced with one that never comes.
func breakOff(resp *http.Response) {
	if resp.Request.Method == http.MethodHead {
		return
	}
	if bodyless(resp.StatusCode) {
		resp.StatusCode, resp.Status = http.StatusOK, "200 OK"
	}
	whole := max(resp.ContentLength, 2)
	resp.ContentLength = whole
	resp.Header.Set("Content-Length", strconv.FormatInt(whole, 10))
	resp.Body = io.NopCloser(io.MultiReader(io.LimitReader(resp.Body, whole/2), broken{}))
}

// broken is a connection that is gone.
type broken struct{}

// Read fails.
func (broken) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }
