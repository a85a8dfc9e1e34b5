package gateway

import (
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/pontage/pontage"
)

// refuse answers with the envelope of an error.
func (c *call) refuse(e *pontage.Error) {
	env := pontage.Refuse(e)
	env.CallID = c.id
	c.envelope(e, env)
}

// refuseDecision answers with what bound the call. A path that is known under another method says so.
func (c *call) refuseDecision() {
	d := c.decision
	if d.Refusal.Code == pontage.OperationNotFound && pontage.CodeOf(c.unmatched) == pontage.MethodNotAllowed {
		c.w.Header().Set("Allow", c.allowed())
		c.refuse(pontage.Public(c.unmatched))
		return
	}
	env := pontage.RefuseCall(d)
	env.CallID = c.id
	c.envelope(d.Refusal, env)
}

func (c *call) envelope(e *pontage.Error, env pontage.Envelope) {
	c.status, c.code = e.Code.Failure().Status, e.Code
	h := c.w.Header()
	c.openToPages(h)
	c.tell(h, pontage.PayerNone, 0)
	if c.stage == settled { // the partner broke its own upload off
		c.tell(h, c.decision.Payer, c.decision.Charged)
	}
	if c.status == http.StatusUnauthorized {
		h.Set("WWW-Authenticate", challenge(e, c.in.Header))
	}
	c.answerEarly(h)
	pontage.SetRetryAfter(h, e.RetryAfter)
	if e.Code == pontage.Internal {
		c.g.Logger.Error("call failed", "callId", c.id, "error", e)
	}
	writeJSON(c.w, c.status, env)
}

// writeJSON answers with an envelope.
func writeJSON(w http.ResponseWriter, status int, env pontage.Envelope) {
	body, err := json.Marshal(env)
	if err != nil {
		panic(err) // an envelope holds nothing that cannot be marshalled
	}
	h := w.Header()
	h.Set("Content-Type", "application/json")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(status)
	w.Write(body)
}

// challenge is the WWW-Authenticate header: without an error where nothing was presented (RFC 6750, section 3).
func challenge(e *pontage.Error, in http.Header) string {
	if in.Get("Authorization") == "" {
		return `Bearer realm="api"`
	}
	return `Bearer realm="api", error="invalid_token", error_description="` + strings.ReplaceAll(e.Message, `"`, "'") + `"`
}

// dress makes an upstream's headers the partner's: what is guarded goes, what we know is added.
func (c *call) dress(h http.Header) {
	toPartner.strip(h)
	if _, said := h["Content-Type"]; !said {
		c.w.Header()["Content-Type"] = nil // what the upstream did not say must not be guessed
	}
	c.openToPages(h)
	if c.stage == settled {
		c.tell(h, c.decision.Payer, c.decision.Charged)
	} else {
		c.tell(h, pontage.PayerNone, 0)
	}
}

func decimal(n int64) string { return strconv.FormatInt(n, 10) }

// seconds rounds up: who waits that long has waited long enough.
func seconds(d time.Duration) string { return decimal(int64((d + time.Second - 1) / time.Second)) }
