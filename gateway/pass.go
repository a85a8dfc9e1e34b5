package gateway

import (
	"context"
	"errors"
	"net/http"
	"net/http/httputil"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/pontage/pontage"
)

// Why an upstream call was ended from our side.
var (
	errHeadersLate = pontage.ErrLate
	errPartnerGone = errors.New("the partner is gone")
	errCallOver    = errors.New("the call is over")
	errSwitched    = errors.New("the upstream switched protocols unasked")
)

// freeStatuses are upstream statuses below 500 that cost nothing where the API says nothing else.
var freeStatuses = []int{
	http.StatusUnauthorized, http.StatusForbidden, http.StatusProxyAuthRequired, http.StatusRequestTimeout, http.StatusTooManyRequests,
}

// pass lets an admitted call through. Whatever happens, its hold is ended before it returns.
func (c *call) pass() {
	c.stage = reserved
	c.ctx, c.cancel = context.WithCancelCause(context.WithoutCancel(c.in.Context()))
	defer c.close()
	c.w.open()
	out := c.in.WithContext(context.WithValue(c.ctx, callKey{}, c))
	c.sendBody(out)
	c.timer = time.AfterFunc(c.timeout, c.expire)
	c.g.proxy.ServeHTTP(c.w, out)
}

// expire ends the wait for the upstream's headers.
func (c *call) expire() {
	c.cancel(errHeadersLate)
	if c.upload != nil {
		c.upload.interrupt()
	}
}

// close runs on every way out, a panic too.
func (c *call) close() {
	c.timer.Stop()
	switch {
	case c.stage == reserved: // neither answered nor failed: something panicked
		c.giveBack(0, pontage.Internal)
		c.code = pontage.Internal
	case c.stage == settled && c.answer != nil && c.answer.broke():
		c.giveBack(c.status, pontage.BadGateway)
		c.code = pontage.BadGateway
	}
	if c.forget != nil {
		c.forget()
	}
	c.cancel(errCallOver)
	if c.upload != nil {
		c.upload.finish()
	}
}

// rewrite makes the request that goes upstream out of what was matched and what may pass.
func (c *call) rewrite(p *httputil.ProxyRequest) {
	path, err := url.PathUnescape(c.match.Path)
	if err != nil {
		path = c.match.Path
	}
	p.Out.URL = &url.URL{Path: path, RawPath: c.match.Path, RawQuery: strings.ReplaceAll(p.In.URL.RawQuery, "#", "%23")}
	p.Out.RequestURI, p.Out.Trailer = "", nil
	toUpstream.strip(p.Out.Header)
	c.origin.write(p.Out.Header)
}

// carrier takes the request to the Upstream, under the call's own context. The proxy's trace is left behind with the proxy's
// context: an upstream's 1xx answers would otherwise reach the partner before the charge is durable.
type carrier struct{ Upstream }

func (t carrier) RoundTrip(r *http.Request) (*http.Response, error) {
	c := callOf(r)
	res, err := t.Upstream.RoundTrip(&c.attempt, r.WithContext(c.ctx))
	if err != nil {
		return nil, err
	}
	if res.StatusCode < http.StatusOK {
		res.Body.Close()
		return nil, errSwitched
	}
	res.Request = r
	return res, nil
}

// answered runs at the upstream's headers: the call is charged or given back, durably, and only then may the answer begin.
func (c *call) answered(res *http.Response) error {
	if !c.timer.Stop() {
		return errHeadersLate
	}
	c.elapsed = c.g.Clock.Now().Sub(c.started)
	c.status = res.StatusCode
	if free(c.match.API, res.StatusCode) {
		c.giveBack(res.StatusCode, "")
	} else if err := c.settle(res.StatusCode); err != nil {
		return unsettled{err}
	}
	c.dress(res.Header)
	toPartner.strip(res.Trailer)
	c.answerEarly(res.Header)
	c.answer = &answer{body: res.Body, res: res, call: c}
	res.Body = c.answer
	c.forget = context.AfterFunc(c.in.Context(), func() { c.cancel(errPartnerGone) })
	return nil
}

// answerEarly prepares for an answer that begins while the partner is still sending: the server must not wait for the rest of the
// body first, and must not take it for the next request afterwards.
func (c *call) answerEarly(h http.Header) {
	if c.upload == nil || c.upload.whole.Load() {
		return
	}
	c.w.control.EnableFullDuplex()
	if c.in.ProtoMajor == 1 { // in HTTP/2 this would end the other calls of the connection
		h.Set("Connection", "close")
	}
}

// free says whether an upstream's status costs nothing.
func free(api *pontage.API, status int) bool {
	list := freeStatuses
	if api != nil && api.FreeStatuses != nil {
		list = api.FreeStatuses
	}
	return status >= http.StatusInternalServerError || slices.Contains(list, status)
}
