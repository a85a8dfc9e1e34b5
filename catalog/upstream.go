package catalog

import (
	"net/url"
	"strings"

	"github.com/pontage/pontage"
)

// UpstreamMap says where calls go (R11). The zero value names nothing: APIs keep the upstream they have.
type UpstreamMap struct {
	// Default is the base URL of every host Hosts does not name; "{host}" in it stands for the document's host, without the
	// instance's prefix. Empty means none.
	Default string
	// Hosts has base URLs by the document's host, without prefix.
	Hosts map[string]string
}

// ParseUpstream reads what an operator writes: one URL ("http://{host}.internal:8080"), or host=URL pairs with commas between
// them; a URL without host may be among the pairs once, for all other hosts. InvalidInput at "upstream" says what is wrong.
func ParseUpstream(text string) (UpstreamMap, error) {
	m := UpstreamMap{Hosts: map[string]string{}}
	for part := range strings.SplitSeq(text, ",") {
		part = strings.TrimSpace(part)
		host, target, pair := strings.Cut(part, "=")
		switch {
		case part == "":
			continue
		case pair && validHost(strings.ToLower(host)):
			host = strings.ToLower(host)
			if _, twice := m.Hosts[host]; twice {
				return UpstreamMap{}, upstreamError("Host %q has two upstreams.", host)
			}
			m.Hosts[host] = strings.TrimSpace(target)
		case m.Default == "":
			m.Default = part
		default:
			return UpstreamMap{}, upstreamError("Only one upstream can be without a host.")
		}
	}
	return m, m.validate()
}

// For gives the base URL for a document's host, empty where the map names none; it never ends in a slash.
func (m UpstreamMap) For(host string) (string, error) {
	base, ok := m.Hosts[host]
	if !ok {
		base = strings.ReplaceAll(m.Default, "{host}", host)
	}
	if base == "" {
		return "", nil
	}
	return checkUpstream(base)
}

// validate checks every URL, the default with a host filled in.
func (m UpstreamMap) validate() error {
	if _, err := (UpstreamMap{Default: m.Default}).For("host"); err != nil {
		return err
	}
	for _, base := range m.Hosts {
		if _, err := checkUpstream(base); err != nil {
			return err
		}
	}
	return nil
}

// checkUpstream wants an absolute http or https URL of host, port and path alone.
func checkUpstream(base string) (string, error) {
	u, err := url.Parse(base)
	if err != nil {
		return "", upstreamError("%q is not a URL.", clip(base))
	}
	switch {
	case u.Scheme != "http" && u.Scheme != "https":
		return "", upstreamError("%q must start with http:// or https://.", clip(u.Redacted()))
	case u.Hostname() == "" || strings.ContainsAny(u.Host, "{}*"):
		return "", upstreamError("%q has no host.", clip(u.Redacted()))
	case u.User != nil:
		return "", upstreamError("An upstream must not hold a user or password; give them as headers.")
	case u.RawQuery != "" || u.ForceQuery || u.Fragment != "" || strings.ContainsAny(base, "#?"):
		return "", upstreamError("%q must not have a query or fragment.", clip(u.Redacted()))
	case !plainPath(u.EscapedPath()):
		return "", upstreamError("The path of %q is not allowed.", clip(u.Redacted()))
	}
	return strings.TrimRight(u.String(), "/"), nil
}

func upstreamError(format string, args ...any) error {
	return pontage.E(pontage.InvalidInput, format, args...).At("upstream")
}
