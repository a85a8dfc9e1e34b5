package partner

import (
	"bufio"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/pontage/pontage"
)

const (
	// ProofRecord is the name below a host whose TXT record proves it, ProofPath the file on it that does.
	ProofRecord = "_pontage."
	ProofPath   = "/.well-known/pontage-domain.txt"
	// proofPrefix begins what both hold.
	proofPrefix = "pontage-domain="
	maxProof    = 4096
	proofWait   = 10 * time.Second
	// proofsPerClient bounds how often we ask the world for one client in an hour.
	proofsPerClient = 30
)

// Resolver looks DNS records up; *net.Resolver is one.
type Resolver interface {
	LookupTXT(ctx context.Context, name string) ([]string, error)
}

// newProof is what only the owner of a host and we know.
func newProof() string { return proofPrefix + strings.ToLower(rand.Text()) }

// VerifyDomain looks whether the owner of a host shows the domain's Proof: in a TXT record of ProofRecord and the host, or as a line of the
// file at ProofPath. Needs DomainWrite; InvalidInput at "/method", Unprocessable where the proof is not found, RateLimited.
func (s *Service) VerifyDomain(ctx context.Context, by pontage.Actor, id pontage.DomainID, method pontage.ProofMethod) (domain *pontage.Domain, err error) {
	if method != pontage.ProofDNS && method != pontage.ProofFile {
		return nil, pontage.E(pontage.InvalidInput, "A domain is proven by dns or file.").At("/method")
	}
	var proof string
	asking := by
	asking.Once = nil // a key is for what is changed at the end
	err = s.changeDomain(ctx, asking, id, func(tx pontage.Tx, a *pontage.Authority, d *pontage.Domain) (any, error) {
		domain, proof = d, d.Proof
		return nil, s.take(ctx, tx, "proof of", string(d.ClientID), time.Hour, proofsPerClient)
	})
	if err != nil {
		return nil, err
	}
	if err := s.look(ctx, domain, method); err != nil {
		return nil, err
	}
	err = s.changeDomain(ctx, by, id, func(tx pontage.Tx, a *pontage.Authority, d *pontage.Domain) (any, error) {
		if domain = d; d.Proof != proof {
			return nil, errNotProven
		}
		d.ProvenBy, d.VerifiedAt = method, s.clock.Now()
		if err := tx.UpdateDomain(ctx, *d); err != nil {
			return nil, err
		}
		return d, s.note(ctx, tx, by, &a.Client, "domain.verify", string(id), nil, pontage.AuditFields{"host": d.Host, "method": string(method)})
	})
	if err != nil {
		return nil, err
	}
	return domain, nil
}

var errNotProven = pontage.E(pontage.Unprocessable, "The proof was not found. It may take a while until others see a change of yours.").At("/method")

// look asks the world, outside of any unit of work.
func (s *Service) look(ctx context.Context, d *pontage.Domain, method pontage.ProofMethod) error {
	ctx, cancel := context.WithTimeout(ctx, proofWait)
	defer cancel()
	find := s.lookFile
	if method == pontage.ProofDNS {
		find = s.lookDNS
	}
	found, err := find(ctx, d)
	if err != nil {
		return errNotProven.Because(err)
	}
	if !slices.Contains(found, d.Proof) {
		return errNotProven
	}
	return nil
}

func (s *Service) lookDNS(ctx context.Context, d *pontage.Domain) ([]string, error) {
	if s.resolver == nil {
		return nil, errors.New("partner: no resolver")
	}
	return s.resolver.LookupTXT(ctx, ProofRecord+d.Host+".")
}

// lookFile reads the lines of the file; no redirect is followed, since whoever can redirect a path need not own the host.
func (s *Service) lookFile(ctx context.Context, d *pontage.Domain) ([]string, error) {
	if s.fetch == nil {
		return nil, errors.New("partner: no HTTP client")
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "https://"+d.Host+ProofPath, nil)
	if err != nil {
		return nil, err
	}
	answer, err := s.fetch.Do(request)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("the file came with status %d", answer.StatusCode)
	}
	var lines []string
	for scan := bufio.NewScanner(io.LimitReader(answer.Body, maxProof)); scan.Scan(); {
		lines = append(lines, strings.TrimSpace(scan.Text()))
	}
	return lines, nil
}

// NewFetcher makes the HTTP client for addresses that partners name. It reaches public addresses on port 443 alone, looked at when it
// dials, after the name was resolved; it follows no redirect, uses no proxy, and gives up after ten seconds.
func NewFetcher() *http.Client {
	dialer := &net.Dialer{Timeout: proofWait, Control: func(_, address string, _ syscall.RawConn) error { return guard(address) }}
	return &http.Client{
		Timeout:       proofWait,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport: &http.Transport{
			DialContext: dialer.DialContext, DisableKeepAlives: true, ResponseHeaderTimeout: proofWait, TLSHandshakeTimeout: proofWait,
			MaxResponseHeaderBytes: 16 << 10,
		},
	}
}

// notPublic are networks that look public and are not.
var notPublic = func() (all []netip.Prefix) {
	for _, text := range []string{"0.0.0.0/8", "100.64.0.0/10", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "198.18.0.0/15", "198.51.100.0/24",
		"203.0.113.0/24", "240.0.0.0/4", "64:ff9b::/96", "64:ff9b:1::/48", "100::/64", "2001::/23", "2001:db8::/32", "2002::/16", "fec0::/10"} {
		all = append(all, netip.MustParsePrefix(text))
	}
	return all
}()

// guard refuses to dial what is not a public address on port 443.
func guard(address string) error {
	at, err := netip.ParseAddrPort(address)
	if err != nil {
		return err
	}
	ip := at.Addr().Unmap()
	private := !ip.IsGlobalUnicast() || ip.IsPrivate() || ip.Zone() != "" || ip.Is6() && !netip.MustParsePrefix("2000::/3").Contains(ip) ||
		slices.ContainsFunc(notPublic, func(p netip.Prefix) bool { return p.Contains(ip) })
	if private || at.Port() != 443 {
		return fmt.Errorf("partner: %s is not to be reached", address)
	}
	return nil
}
