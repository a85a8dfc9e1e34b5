package gateway

import (
	"net/http"
	"net/netip"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/pontage/pontage"
)

// givenID is the form of an id that a proxy gives a call: nginx's $request_id, a UUID, and what else is long enough to be unique.
var givenID = regexp.MustCompile(`^[0-9A-Za-z._-]{16,64}$`)

// givenPrefix keeps ids that proxies give apart from our own, which hold no hyphen.
const givenPrefix = "cal_gate-"

var errGivenID = pontage.E(pontage.InvalidInput,
	"The proxy's id of the call must be 16 to 64 letters, digits, dots, hyphens or underscores, one for each request it receives.").At("id")

// Check decides a call that a proxy will take to its API: forward-auth. An admitted call is charged at once; Outcome may give the
// charge back.
//
// The proxy asks in one of two ways. At PathCheck it names the call in X-Forwarded-Method, X-Forwarded-Host and X-Forwarded-Uri, the
// target as the partner sent it, and may give its own id of the call as query parameter "id": the same id again, for the same token
// and operation, is the same call and is charged once. Below PathCheck, as in PathCheck + "/items?a=1", method, Host header and the
// rest of the target are the call's own; those three headers and the id are not looked at then, for they would be the partner's.
// Both ways it passes the partner's Authorization, and the address in X-Forwarded-For.
//
// The answer is 200, 401 or 403. Pontage-Status holds the status the partner must get, the body its envelope, Pontage-Refusal the
// same body in ASCII; all other headers are the partner's.
func (g *Gateway) Check() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked, id, err := readAsked(r)
		if err != nil {
			g.deny(w, r, err)
			return
		}
		v := &verdict{ResponseWriter: w}
		defer v.send()
		c := g.begin(v, asked)
		defer c.record()
		c.elsewhere, c.origin.address = true, g.partnerAddress(r)
		if id != "" {
			c.id, c.repeatable = pontage.CallID(givenPrefix+id), true
		}
		if c.judge() {
			c.letPass()
		}
	})
}

// readAsked gives the call a proxy asks about, as if the partner had sent it here, and the id the proxy gave it, "" for none. What
// is missing is the proxy's fault and is said as such.
func readAsked(r *http.Request) (*http.Request, string, *pontage.Error) {
	asked := r.WithContext(r.Context())
	asked.Body, asked.ContentLength = http.NoBody, 0
	if len(r.Header["X-Forwarded-For"]) == 0 {
		return nil, "", missing("X-Forwarded-For")
	}
	if below, ok := strings.CutPrefix(r.RequestURI, PathCheck+"/"); ok {
		asked.RequestURI = "/" + below
		return asked, "", nil
	}
	for _, part := range []struct {
		header string
		value  *string
	}{{"X-Forwarded-Method", &asked.Method}, {"X-Forwarded-Host", &asked.Host}, {"X-Forwarded-Uri", &asked.RequestURI}} {
		values := r.Header[part.header]
		if len(values) != 1 || values[0] == "" {
			return nil, "", missing(part.header)
		}
		*part.value = values[0]
	}
	query, err := url.ParseQuery(r.URL.RawQuery)
	ids, given := query["id"]
	if err != nil || given && (len(ids) != 1 || !givenID.MatchString(ids[0])) {
		return nil, "", errGivenID
	}
	return asked, query.Get("id"), nil
}

func missing(header string) *pontage.Error {
	return pontage.E(pontage.InvalidInput, "The proxy must send the header %s with every check, exactly once.", header).At(header)
}

// partnerAddress is what the proxy says: it has been let in here, so its word on the last hop counts; those before it count as far
// as they are trusted proxies.
func (g *Gateway) partnerAddress(r *http.Request) netip.Addr {
	peer := peerOf(r).Unmap().WithZone("")
	trusted := append(slices.Clip(g.TrustedProxies), netip.PrefixFrom(peer, peer.BitLen()))
	return pontage.ClientAddress(peer, r.Header["X-Forwarded-For"], trusted)
}

// letPass tells the proxy that the call may go on, and was charged.
func (c *call) letPass() {
	c.stage, c.status = settled, http.StatusOK
	h := c.w.Header()
	c.openToPages(h)
	c.tell(h, c.decision.Payer, c.decision.Charged)
	h.Set("Cache-Control", "no-store")
	c.w.WriteHeader(c.status)
}
