package gateway

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"unicode/utf16"
)

// What a check's answer says beside its status: the status the partner must get, and the refusal's body for proxies that can copy
// headers only.
const (
	headerStatus  = "Pontage-Status"
	headerRefusal = "Pontage-Refusal"
)

// verdict turns an answer for a partner into one for a proxy: 200, 401 or 403, because proxies take any other status for a failure
// of their own; the real one is in a header. Nothing is written before send.
type verdict struct {
	http.ResponseWriter
	status int
	body   []byte
}

// WriteHeader remembers the status.
func (v *verdict) WriteHeader(status int) { v.status = status }

// Write remembers the body.
func (v *verdict) Write(p []byte) (int, error) {
	v.body = append(v.body, p...)
	return len(p), nil
}

// send writes the answer; an answer that never came is a failure of ours.
func (v *verdict) send() {
	if v.status == 0 {
		v.status = http.StatusInternalServerError
	}
	h := v.Header()
	h.Set(headerStatus, strconv.Itoa(v.status))
	if len(v.body) > 0 {
		h.Set(headerRefusal, asciiJSON(v.body))
	}
	status := v.status
	if status != http.StatusOK && status != http.StatusUnauthorized {
		status = http.StatusForbidden
	}
	v.ResponseWriter.WriteHeader(status)
	v.ResponseWriter.Write(v.body)
}

// asciiJSON writes JSON so that it may stand in a header: what is not ASCII as escapes; JSON holds no control characters.
func asciiJSON(body []byte) string {
	var out strings.Builder
	out.Grow(len(body))
	for _, c := range string(body) {
		switch {
		case c < 0x80:
			out.WriteByte(byte(c))
		case c > 0xffff:
			high, low := utf16.EncodeRune(c)
			fmt.Fprintf(&out, `\u%04x\u%04x`, high, low)
		default:
			fmt.Fprintf(&out, `\u%04x`, c)
		}
	}
	return out.String()
}
