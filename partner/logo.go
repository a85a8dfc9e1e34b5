package partner

import (
	"context"
	"crypto/sha256"
	"encoding/hex"

	"github.com/pontage/pontage"
)

// SetLogo gives a domain a logo: a PNG, JPEG or WebP, which is decoded and kept as a PNG, smaller where it must be, so that nothing else
// that was in the file is ever served. Needs DomainWrite; InvalidInput at "/logo", TooLarge.
func (s *Service) SetLogo(ctx context.Context, by pontage.Actor, id pontage.DomainID, data []byte) (*pontage.Domain, error) {
	logo, err := s.logo(ctx, data)
	if err != nil {
		return nil, err
	}
	return s.putLogo(ctx, by, id, logo)
}

// RemoveLogo takes a domain's logo away. Needs DomainWrite.
func (s *Service) RemoveLogo(ctx context.Context, by pontage.Actor, id pontage.DomainID) (*pontage.Domain, error) {
	return s.putLogo(ctx, by, id, nil)
}

func (s *Service) putLogo(ctx context.Context, by pontage.Actor, id pontage.DomainID, logo []byte) (domain *pontage.Domain, err error) {
	digest := ""
	if len(logo) > 0 {
		sum := sha256.Sum256(logo)
		digest = hex.EncodeToString(sum[:])
	}
	err = s.changeDomain(ctx, by, id, func(tx pontage.Tx, a *pontage.Authority, d *pontage.Domain) (any, error) {
		domain = d
		before := domainFields(d)
		d.LogoDigest = digest
		if err := tx.PutDomainLogo(ctx, id, logo); err != nil {
			return nil, err
		}
		return d, s.writeDomain(ctx, tx, by, a, d, "domain.logo", before)
	})
	if err != nil {
		return nil, err
	}
	return domain, nil
}

// Logo gives a domain's logo, a PNG. Everybody may see it: it stands where people sign in. NotFound where there is none.
func (s *Service) Logo(ctx context.Context, id pontage.DomainID) ([]byte, error) {
	logo, err := s.store.DomainLogo(ctx, id)
	return logo, hidden(err)
}
