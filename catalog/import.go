package catalog

import (
	"context"
	"errors"
	"time"

	"github.com/pontage/pontage"
)

// The outcomes of a document.
const (
	outcomeCreated   = "created"
	outcomeUpdated   = "updated"
	outcomeUnchanged = "unchanged"
	outcomeRejected  = "rejected"
)

// Document is one OpenAPI document as it was read, in JSON or YAML.
type Document struct {
	// Name is what the report calls it, usually the file's name.
	Name string
	Data []byte
	// Platform marks the API we serve ourselves: its scopes need no price and are enabled.
	Platform bool
}

// ImportInput is what an operator imports.
type ImportInput struct {
	Documents []Document
	// Prices is the price file (see ParsePrices); nil keeps the prices there are.
	Prices []byte
	// Upstream says where calls go; an API it does not name keeps what it has.
	Upstream UpstreamMap
	// MaxBody bounds request bodies in bytes, HeaderTimeout the wait for the upstream's headers; zero keeps what an API has.
	MaxBody       int64
	HeaderTimeout time.Duration
	// Complete says that these documents are all there are: an API whose document is not among them is disabled, the platform's
	// excepted, unless a document was rejected.
	Complete bool
}

// Import takes documents, prices and upstreams into the catalogue. Each document is one unit: one that is rejected leaves its API
// as it was and the others go on. Importing again updates and keeps ids; what is gone is disabled; what is equal is not touched.
// The operator and the system alone may (Forbidden). InvalidInput for a fault in prices ("prices", with the line) or upstream
// ("upstream") stops the import before anything changed; a fault of the database ends it, and the report says how far it came.
func (s *Service) Import(ctx context.Context, by pontage.Actor, in ImportInput) (*Report, error) {
	if by.Kind != pontage.ActorSystem {
		if err := operatorOnly(by); err != nil {
			return nil, err
		}
	}
	plan, err := newPlan(in)
	if err != nil {
		return nil, err
	}
	report := &Report{Documents: make([]DocumentReport, 0, len(in.Documents))}
	hosts := map[string]bool{}
	for _, d := range in.Documents {
		one, err := s.importDocument(ctx, plan, d, hosts)
		if err != nil {
			return report, err
		}
		report.Documents = append(report.Documents, one)
	}
	report.Unused = plan.prices.unused()
	if in.Complete && report.Rejected() == 0 {
		if report.Gone, err = s.disableOthers(ctx, hosts); err != nil {
			return report, err
		}
	}
	return report, s.Refresh(ctx)
}

// plan is the checked input that every document of an import shares.
type plan struct {
	ImportInput
	// prices is nil where the prices there are stay.
	prices *PriceList
}

func newPlan(in ImportInput) (*plan, error) {
	if err := in.Upstream.validate(); err != nil {
		return nil, err
	}
	if in.MaxBody < 0 || in.HeaderTimeout < 0 {
		return nil, pontage.E(pontage.InvalidInput, "A limit must not be negative.").At("maxBody")
	}
	p := &plan{ImportInput: in}
	if in.Prices != nil {
		prices, err := ParsePrices(in.Prices)
		if err != nil {
			return nil, err
		}
		p.prices = prices
	}
	return p, nil
}

// importDocument compiles and stores one document; only a fault of the database is an error.
func (s *Service) importDocument(ctx context.Context, p *plan, d Document, hosts map[string]bool) (DocumentReport, error) {
	c, fault := compile(d)
	if fault == nil && hosts[c.host] {
		fault = faultAt("/servers", "Another document of this import has host %q.", c.host)
	}
	var stored *merge
	if fault == nil {
		hosts[c.host] = true
		var err error
		if stored, fault, err = s.write(ctx, p, c); err != nil {
			return DocumentReport{}, err
		}
	}
	if fault != nil {
		return DocumentReport{Document: d.Name, Outcome: outcomeRejected, Pointer: fault.pointer, Rejection: fault.reason}, nil
	}
	return stored.report(), nil
}

// write stores a compiled document in one unit of work. What takes long is made before the unit that needs it.
func (s *Service) write(ctx context.Context, p *plan, c *compiled) (stored *merge, wrong *fault, err error) {
	unit := func(tx pontage.Tx) error {
		var err error
		stored, wrong, err = s.store(ctx, tx, p, c)
		return err
	}
	if err = s.Store.Write(ctx, unit); errors.Is(err, errUnpublished) {
		if err = c.publish(); err == nil {
			err = s.Store.Write(ctx, unit)
		}
	}
	return stored, wrong, err
}

// disableOthers switches off the APIs whose document is gone.
func (s *Service) disableOthers(ctx context.Context, hosts map[string]bool) ([]string, error) {
	var gone []string
	err := s.Store.Write(ctx, func(tx pontage.Tx) error {
		gone = nil
		all, err := tx.Catalog(ctx)
		if err != nil {
			return err
		}
		for _, a := range all.APIs {
			if !a.Enabled || a.Platform || hosts[s.bareHost(a.Host)] {
				continue
			}
			a.Enabled, a.UpdatedAt = false, s.Clock.Now()
			if err := tx.PutAPI(ctx, a); err != nil {
				return err
			}
			gone = append(gone, a.Host)
		}
		if gone == nil {
			return nil
		}
		return tx.BumpCatalogVersion(ctx)
	})
	return gone, err
}
