package catalog

import (
	"context"

	"github.com/pontage/pontage"
)

// Check says what Import would do with the same input: the same report, and for each document how the scopes would differ. It changes
// nothing. Errors are Import's.
func (s *Service) Check(ctx context.Context, by pontage.Actor, in ImportInput) (*Report, error) {
	if err := operatorOnly(by); err != nil {
		return nil, err
	}
	plan, err := newPlan(in)
	if err != nil {
		return nil, err
	}
	var all *pontage.Catalog
	err = s.Store.Read(ctx, func(r pontage.Reader) (err error) {
		all, err = r.Catalog(ctx)
		return err
	})
	if err != nil {
		return nil, err
	}
	report, hosts := &Report{Documents: make([]DocumentReport, 0, len(in.Documents))}, map[string]bool{}
	for _, d := range in.Documents {
		report.Documents = append(report.Documents, s.checkDocument(all, plan, d, hosts))
	}
	report.Unused = plan.prices.unused()
	if in.Complete && report.Rejected() == 0 {
		for _, a := range s.others(all, hosts) {
			report.Gone = append(report.Gone, a.Host)
		}
	}
	return report, nil
}

func (s *Service) checkDocument(all *pontage.Catalog, p *plan, d Document, hosts map[string]bool) DocumentReport {
	c, wrong := compileOnce(d, hosts)
	if wrong == nil {
		var m *merge
		if m, wrong = s.merge(all, p, c); wrong == nil {
			report := m.report()
			report.Difference = m.difference()
			if m.outcome == outcomeCreated {
				report.API = "" // an id is given at import
			}
			return report
		}
	}
	return wrong.report(d)
}
