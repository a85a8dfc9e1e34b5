package gateway

import (
	"net/http"
	"strings"
)

// pathEntry is where the APIs stand on the platform's own listener: /apis/<host>/<path>.
const pathEntry = "/apis/"

// entry is a call's way in: the API's host as the catalogue spells it or not, and the raw path below it.
type entry struct{ host, path string }

// readEntry finds the API a request is for: by its Host header where that is an API's, else by its path.
func readEntry(r *http.Request, known func(host string) bool) (entry, bool) {
	path := rawPath(r)
	if host := bareHost(r.Host); host != "" && known(host) {
		return entry{host, path}, true
	}
	rest, ok := strings.CutPrefix(path, pathEntry)
	if !ok {
		return entry{}, false
	}
	host, below, _ := strings.Cut(rest, "/")
	if host = strings.ToLower(host); host == "" || !known(host) {
		return entry{}, false
	}
	return entry{host, "/" + below}, true
}

// rawPath gives the path as it was sent, still escaped; r.URL has already been decoded and cleaned up for other uses.
func rawPath(r *http.Request) string {
	target := r.RequestURI
	if target == "" {
		target = r.URL.EscapedPath()
	}
	return pathOf(target)
}

// pathOf gives the path of a request target.
func pathOf(target string) string {
	target, _, _ = strings.Cut(target, "?")
	if strings.HasPrefix(target, "/") {
		return target
	}
	_, rest, ok := strings.Cut(target, "://")
	if !ok {
		return target
	}
	if slash := strings.IndexByte(rest, '/'); slash >= 0 {
		return rest[slash:]
	}
	return "/"
}

// bareHost is a Host header in lower case without port and final dot; "" for an address in brackets, which is no API's.
func bareHost(host string) string {
	if strings.HasPrefix(host, "[") {
		return ""
	}
	host, _, _ = strings.Cut(host, ":")
	return strings.ToLower(strings.TrimSuffix(host, "."))
}

// Serves says whether r is a call to an API, by Host header or by path, so that a server can choose between the gateway and its
// own routes. Anything below /apis/ is ours, also for a host nobody knows.
func (g *Gateway) Serves(r *http.Request) bool {
	_, ok := readEntry(r, g.Catalog.HasHost)
	return ok || strings.HasPrefix(rawPath(r), pathEntry)
}
