package gateway

import (
	"net/http"
	"slices"
	"strings"

	"github.com/pontage/pontage"
)

// exposed are the headers a web page may read beside the simple ones.
const exposed = "Pontage-Call-Id, Pontage-Charged, Pontage-Paid-By, Pontage-Repeats, Pontage-Currency, RateLimit, RateLimit-Policy, Retry-After, " +
	"WWW-Authenticate, Content-Disposition, ETag, Link, Location"

// maxPreflight bounds the list of headers a preflight may ask for.
const maxPreflight = 1024

// answerOptions answers OPTIONS itself, unmetered and without a token: a browser's preflight on any known path, and a plain
// OPTIONS where the API does not document one.
func (c *call) answerOptions() bool {
	if c.in.Method != http.MethodOptions {
		return false
	}
	methods := c.g.Catalog.Methods(c.entry.host, c.entry.path)
	wanted := c.in.Header.Get("Access-Control-Request-Method")
	preflight := c.in.Header.Get("Origin") != "" && wanted != ""
	if !preflight && slices.Contains(methods, http.MethodOptions) {
		return false
	}
	if len(methods) == 0 {
		c.refuse(pontage.E(pontage.OperationNotFound, "No operation of this API has this path."))
		return true
	}
	h := c.w.Header()
	h.Set("Pontage-Call-Id", string(c.id))
	h.Set("Allow", c.allowed())
	if preflight {
		c.allowPage(h)
	}
	c.status = http.StatusNoContent
	c.w.WriteHeader(c.status)
	return true
}

// allowPage answers a preflight.
func (c *call) allowPage(h http.Header) {
	if !c.openToPages(h) {
		return
	}
	h.Set("Access-Control-Allow-Methods", c.allowed())
	if asked := c.in.Header.Get("Access-Control-Request-Headers"); asked != "" && len(asked) <= maxPreflight && plainList(asked) {
		h.Set("Access-Control-Allow-Headers", asked)
	}
	h.Set("Access-Control-Max-Age", seconds(c.g.CORS.MaxAge))
	h.Add("Vary", "Access-Control-Request-Headers")
}

// openToPages lets the page that asks read the answer, if its origin may; it says whether.
func (c *call) openToPages(h http.Header) bool {
	origin := c.in.Header.Get("Origin")
	if origin == "" {
		return false
	}
	if len(c.g.CORS.Origins) == 0 {
		h.Set("Access-Control-Allow-Origin", "*")
	} else {
		h.Add("Vary", "Origin")
		if !slices.Contains(c.g.CORS.Origins, origin) {
			return false
		}
		h.Set("Access-Control-Allow-Origin", origin)
	}
	h.Set("Access-Control-Expose-Headers", exposed)
	return true
}

// allowed lists the methods of the path, for Allow.
func (c *call) allowed() string {
	methods := c.g.Catalog.Methods(c.entry.host, c.entry.path)
	if !slices.Contains(methods, http.MethodOptions) {
		methods = append(slices.Clone(methods), http.MethodOptions)
	}
	return strings.Join(methods, ", ")
}

// plainList says whether text is a list of header names and nothing else.
func plainList(text string) bool {
	for _, c := range []byte(text) {
		if (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') && strings.IndexByte("-_, ", c) < 0 {
			return false
		}
	}
	return true
}
