package partner

import (
	"context"

	"github.com/pontage/pontage"
)

// Callback says whether people may come back to an URL from a domain: it is registered there exactly as it is written and active, the domain
// is active and allows logins, and neither its client nor that one's account is shut out.
func (s *Service) Callback(ctx context.Context, domain pontage.DomainID, url string) (good bool, err error) {
	err = s.store.Read(ctx, func(r pontage.Reader) error {
		good, err = callback(ctx, r, domain, url)
		return err
	})
	if pontage.CodeOf(err) == pontage.NotFound {
		return false, nil
	}
	return good, err
}

func callback(ctx context.Context, r pontage.Reader, domain pontage.DomainID, url string) (bool, error) {
	d, err := r.Domain(ctx, domain)
	if err != nil || !d.Active || !d.AllowLogin {
		return false, err
	}
	c, err := r.Client(ctx, d.ClientID)
	if err != nil {
		return false, err
	}
	if shut, err := r.Disabled(ctx, c.AccountID, c.ID); err != nil || shut {
		return false, err
	}
	all, err := r.DomainURLs(ctx, []pontage.DomainID{domain})
	for _, u := range all {
		if u.Kind == pontage.URLCallback && u.Active && u.URL == url {
			return true, nil
		}
	}
	return false, err
}
