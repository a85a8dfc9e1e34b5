package partner

import (
	"encoding/json"
	"net/netip"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/pontage/pontage"
)

// maxResponse bounds a fallback response, in characters.
const maxResponse = 2000

// DomainChange changes a domain; what is nil stays. Primary true makes it the primary one in the place of another.
type DomainChange struct {
	Name, RedirectURI, FallbackURI, FallbackResponse *string
	Servers                                          *[]netip.Prefix
	AllowLogin, AllowAPI, Active, TestMode, Primary  *bool
}

func (c DomainChange) apply(to *pontage.DomainSettings) {
	set(&to.Name, c.Name)
	set(&to.RedirectURI, c.RedirectURI)
	set(&to.FallbackURI, c.FallbackURI)
	set(&to.FallbackResponse, c.FallbackResponse)
	set(&to.Servers, c.Servers)
	set(&to.AllowLogin, c.AllowLogin)
	set(&to.AllowAPI, c.AllowAPI)
	set(&to.Active, c.Active)
	set(&to.TestMode, c.TestMode)
}

func set[T any](to, value *T) {
	if value != nil {
		*to = *value
	}
}

// checkSettings gives the first thing wrong and the addresses in their canonical form.
func checkSettings(host string, in *pontage.DomainSettings) (err error) {
	if err := pontage.CheckText(in.Name, "/name"); err != nil {
		return err
	}
	if err := checkURL(in.RedirectURI, "/redirectUri"); err != nil {
		return err
	}
	if err := checkURL(in.FallbackURI, "/fallbackUri"); err != nil {
		return err
	}
	if !utf8.ValidString(in.FallbackResponse) || strings.ContainsRune(in.FallbackResponse, 0) || utf8.RuneCountInString(in.FallbackResponse) > maxResponse {
		return pontage.E(pontage.InvalidInput, "At most %d characters are allowed here.", maxResponse).At("/fallbackResponse")
	}
	if host == localhost && !in.TestMode {
		return pontage.E(pontage.InvalidInput, "localhost is for test mode alone.").At("/testMode")
	}
	in.Servers, err = checkServers(in.Servers)
	return err
}

// domainFields are what the audit log says of a domain.
func domainFields(d *pontage.Domain) pontage.AuditFields {
	fields := pontage.AuditFields{"host": d.Host, "primary": strconv.FormatBool(d.Primary), "logo": d.LogoDigest, "provenBy": string(d.ProvenBy),
		"verifiedAt": moment(d.VerifiedAt)}
	var settings map[string]any
	if text, err := json.Marshal(d.DomainSettings); err == nil && json.Unmarshal(text, &settings) == nil {
		for name, value := range settings {
			text, _ := json.Marshal(value)
			fields[name] = strings.Trim(string(text), `"`)
		}
	}
	return fields
}
