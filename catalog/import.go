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
	c, fault := compileOnce(d, hosts)
	var stored *merge
	if fault == nil {
		var err error
		if stored, fault, err = s.write(ctx, p, c); err != nil {
			return DocumentReport{}, err
		}
	}
	if fault != nil {
		return fault.report(d), nil
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

// compileOnce compiles a document whose host no other document of the import has.
func compileOnce(d Document, hosts map[string]bool) (*compiled, *fault) {
	c, wrong := compile(d)
	if wrong == nil && hosts[c.host] {
		wrong = faultAt("/servers", "Another document of this import has host %q.", c.host)
	}
	if wrong != nil {
		return nil, wrong
	}
	hosts[c.host] = true
	return c, nil
}

// report is that of a document that is rejected for the fault.
func (f *fault) report(d Document) DocumentReport {
	return DocumentReport{Document: d.Name, Outcome: outcomeRejected, Pointer: f.pointer, Rejection: f.reason}
}

// others are the APIs that are served now and whose hosts are not among these, the platform's excepted.
func (s *Service) others(all *pontage.Catalog, hosts map[string]bool) (others []pontage.API) {
	for _, a := range all.APIs {
		if a.Enabled && !a.Platform && !hosts[s.bareHost(a.Host)] {
			others = append(others, a)
		}
	}
	return others
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
		for _, a := range s.others(all, hosts) {
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
