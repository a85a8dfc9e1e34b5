package server

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"github.com/pontage/pontage/meter"
)

// Config is the whole configuration; its defaults run as they are. Every field is a flag, a PONTAGE_… variable and a key of the
// configuration file; the tags are read by the command line.
type Config struct {
	Data     string `help:"Folder for databases and key rings." default:"./data" placeholder:"DIR"`
	Domain   string `help:"Domain of the platform; its own API is oauth.<domain>." default:"pontage.localhost"`
	Currency string `help:"Currency of every amount, ISO 4217." default:"EUR"`
	// EnterpriseFee is an amount of that currency.
	EnterpriseFee string `help:"What the plan Enterprise costs a month; 0 is free." default:"29" placeholder:"AMOUNT"`
	BasicRequests int64  `help:"Requests a month over all scopes that the plan Basic includes; 0 is none." default:"1000"`
	Migrate       bool   `help:"Bring the database schema up to date at start." default:"true" negatable:""`

	SMTP SMTP `embed:"" prefix:"smtp-"`

	Production Endpoint `embed:""`
	Sandbox    Endpoint `embed:"" prefix:"sandbox-"`
	Play       Play     `embed:"" prefix:"sandbox-"`

	TrustedProxies []string `help:"Proxies whose X-Forwarded-For counts, as CIDR prefixes." placeholder:"CIDR"`
	TLSCert        string   `name:"tls-cert" help:"Certificate file (PEM) of all listeners." type:"path" placeholder:"FILE"`
	TLSKey         string   `name:"tls-key" help:"Key file (PEM) of the certificate." type:"path" placeholder:"FILE"`

	MaxBody          int64         `help:"Largest request body of a partner's call, in bytes." default:"10485760"`
	HeaderTimeout    time.Duration `help:"How long an upstream may take to its headers." default:"30s"`
	RatePerMinute    int64         `help:"Calls a minute per token and scope where the scope states none." default:"10000"`
	Retention        time.Duration `help:"How long the calls of closed days are kept, at least 744h (31 days); 0 keeps them for ever." default:"9600h"`
	GraphQLDocuments string        `name:"graphql-documents" help:"JSON file of trusted GraphQL documents by the SHA-256 of their text." type:"path" placeholder:"FILE"`
	GraphQLTrusted   bool          `name:"graphql-trusted" help:"Answer no other GraphQL documents in production."`

	VerifyEvery  time.Duration `help:"How often the server proves its books by itself; 0 never." default:"24h"`
	DrainDelay   time.Duration `help:"How long to go on accepting after readiness is gone." default:"1s"`
	DrainTimeout time.Duration `help:"How long calls in flight may take to finish." default:"25s"`
	LogLevel     string        `help:"debug, info, warn or error." default:"info" enum:"debug,info,warn,error"`
}

// SMTP says how mails leave. Without an address they stay in the outbox.
type SMTP struct {
	Address    string `help:"Mail server; without one, mails stay in the outbox ('pontage mail list')." placeholder:"HOST:PORT"`
	Username   string `help:"User name at the mail server."`
	Password   string `help:"Password at the mail server."`
	From       string `help:"Sender of all mails." placeholder:"ADDRESS"`
	Encryption string `help:"starttls, tls (from the first byte) or none (a server on this machine)." default:"starttls" enum:"starttls,tls,none"`
}

// Play says how much play money there is in the sandbox.
type Play struct {
	CreditPerDay string `help:"Play money an account of the sandbox may give itself on one day." default:"1000" placeholder:"AMOUNT"`
	StartCredit  string `help:"Credit that an account of the sandbox begins with and a reset leaves." default:"10" placeholder:"AMOUNT"`
}

// Endpoint is what each of the two instances has for itself.
type Endpoint struct {
	Listen    string `help:"Address to listen on." placeholder:"HOST:PORT"`
	PublicURL string `name:"public-url" help:"URL partners reach it by; from the listener if absent." placeholder:"URL"`
	Dashboard string `name:"dashboard-url" help:"URL that mailed links lead to; the pages at /docs of the public URL if absent." placeholder:"URL"`
	Database  string `help:"sqlite:FILE or postgres://…; a file in the data folder if absent." placeholder:"URL"`
	Keys      string `help:"Key ring as id:base64[,…], the first signs; needed with PostgreSQL." placeholder:"KEYS"`

	GateListen string `help:"Address of a listener of its own for nginx, Caddy and other proxies that ask /gate/check." placeholder:"HOST:PORT"`
	GateSecret string `help:"Secret that such proxies send in Pontage-Gate-Secret; opens /gate/ on the public listener too." placeholder:"SECRET"`
}

var (
	hostForm     = regexp.MustCompile(`^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$`)
	currencyForm = regexp.MustCompile(`^[A-Z]{3}$`)
)

// Complete fills in what follows from other fields and gives every problem at once.
func (c *Config) Complete() error {
	c.Production.complete(c, "production", "127.0.0.1:8080")
	c.Sandbox.complete(c, "sandbox", "127.0.0.1:8081")
	return errors.Join(
		check(hostForm.MatchString(c.Domain), "domain: %q is no host name in lower case", c.Domain),
		check(currencyForm.MatchString(c.Currency), "currency: %q is no ISO 4217 code", c.Currency),
		check((c.TLSCert == "") == (c.TLSKey == ""), "tls-cert and tls-key go together"),
		check(c.MaxBody > 0, "max-body must be positive"),
		check(c.HeaderTimeout > 0, "header-timeout must be positive"),
		check(c.RatePerMinute > 0, "rate-per-minute must be positive"),
		check(c.Retention == 0 || c.Retention >= meter.MinRetention, "retention must be at least %s, or 0 to keep calls for ever", meter.MinRetention),
		check(!c.GraphQLTrusted || c.GraphQLDocuments != "", "graphql-trusted needs graphql-documents"),
		check(c.VerifyEvery >= 0, "verify-every must not be negative"),
		check(c.DrainDelay >= 0 && c.DrainTimeout > 0, "drain-delay must not be negative, drain-timeout must be positive"),
		c.checkProxies(), c.SMTP.problem(), c.planProblem(), c.Play.problem(), c.Production.problems("production", ""), c.Sandbox.problems("sandbox", "sandbox-"),
		check(c.Production.Database != c.Sandbox.Database, "database and sandbox-database must not be the same"),
		check(c.Production.Keys == "" || c.Production.Keys != c.Sandbox.Keys, "keys and sandbox-keys must not be the same"),
	)
}

func (e *Endpoint) complete(c *Config, name, listen string) {
	if e.Listen == "" {
		e.Listen = listen
	}
	if e.Database == "" {
		e.Database = "sqlite:" + filepath.Join(c.Data, name+".db")
	}
	if e.PublicURL == "" {
		scheme := "http"
		if c.TLSCert != "" {
			scheme = "https"
		}
		e.PublicURL = scheme + "://" + localName(e.Listen)
	}
	e.PublicURL = strings.TrimSuffix(e.PublicURL, "/")
	if e.Dashboard == "" {
		e.Dashboard = e.PublicURL + "/docs"
	}
	e.Dashboard = strings.TrimSuffix(e.Dashboard, "/")
}

// localName is a listener's address as a browser on this machine would type it.
func localName(listen string) string {
	host, port, err := net.SplitHostPort(listen)
	if err != nil {
		return listen
	}
	if address, err := netip.ParseAddr(host); host == "" || err == nil && (address.IsUnspecified() || address.IsLoopback()) {
		host = "localhost"
	}
	return net.JoinHostPort(host, port)
}

func (e *Endpoint) problems(name, prefix string) error {
	_, _, listenErr := net.SplitHostPort(e.Listen)
	return errors.Join(
		e.gateProblems(prefix),
		check(listenErr == nil, "%slisten: %q is not HOST:PORT", prefix, e.Listen),
		check(isPage(e.PublicURL), "%spublic-url: %q is no http or https URL", prefix, e.PublicURL),
		check(isPage(e.Dashboard), "%sdashboard-url: %q is no http or https URL", prefix, e.Dashboard),
		check(!strings.Contains(e.Database, "://") || e.onPostgres(), "%sdatabase is neither sqlite:FILE nor postgres://…", prefix),
		check(e.Keys != "" || !e.onPostgres(),
			"%skeys: %s on PostgreSQL needs its key ring from the configuration; make a key with 'pontage keys new'", prefix, name),
		e.keyProblem(prefix),
	)
}

func isPage(text string) bool {
	u, err := url.Parse(text)
	return err == nil && u.Host != "" && (u.Scheme == "http" || u.Scheme == "https") && u.RawQuery == "" && u.Fragment == ""
}

func (e *Endpoint) onPostgres() bool {
	return strings.HasPrefix(e.Database, "postgres://") || strings.HasPrefix(e.Database, "postgresql://")
}

func (e *Endpoint) keyProblem(prefix string) error {
	if e.Keys == "" {
		return nil
	}
	if _, err := ParseKeys(e.Keys); err != nil {
		return fmt.Errorf("%skeys: %w", prefix, err)
	}
	return nil
}

func (c *Config) checkProxies() error {
	_, err := c.proxies()
	return err
}

// proxies gives the trusted prefixes; a plain address is a prefix of its own.
func (c *Config) proxies() ([]netip.Prefix, error) {
	var prefixes []netip.Prefix
	var problems []error
	for _, text := range c.TrustedProxies {
		prefix, err := netip.ParsePrefix(text)
		if address, addressErr := netip.ParseAddr(text); err != nil && addressErr == nil {
			prefix, err = netip.PrefixFrom(address, address.BitLen()), nil
		}
		problems = append(problems, check(err == nil, "trusted-proxies: %q is no CIDR prefix", text))
		prefixes = append(prefixes, prefix.Masked())
	}
	return prefixes, errors.Join(problems...)
}

func check(ok bool, format string, args ...any) error {
	if ok {
		return nil
	}
	return fmt.Errorf(format, args...)
}
