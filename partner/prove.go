package partner

import (
	"bufio"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
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

// Proof says what the owner of a host shows to prove it: one of both is enough.
type Proof struct {
	// Record is the name of a TXT record, FileURL the address of a text file, Value the record's text, or a line of the file.
	Record, FileURL, Value string
}

// ProofOf gives the proof of a domain.
func ProofOf(d *pontage.Domain) Proof {
	return Proof{Record: ProofRecord + d.Host, FileURL: "https://" + d.Host + ProofPath, Value: d.Proof}
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
		before := domainFields(d)
		d.ProvenBy, d.VerifiedAt = method, s.clock.Now()
		return d, s.writeDomain(ctx, tx, by, a, d, "domain.verify", before)
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
	return s.resolver.LookupTXT(ctx, ProofOf(d).Record+".")
}

// lookFile reads the lines of the file; no redirect is followed, since whoever can redirect a path need not own the host.
func (s *Service) lookFile(ctx context.Context, d *pontage.Domain) ([]string, error) {
	if s.fetch == nil {
		return nil, errors.New("partner: no HTTP client")
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, ProofOf(d).FileURL, nil)
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
