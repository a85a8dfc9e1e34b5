package partner

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"strings"

	"github.com/pontage/pontage"
)

// SetLogo gives a domain a logo: a PNG, JPEG or WebP, which is decoded and kept as a PNG, smaller where it must be, so that nothing else
// that was in the file is ever served. Needs DomainWrite; InvalidInput at "/logo", TooLarge.
func (s *Service) SetLogo(ctx context.Context, by pontage.Actor, id pontage.DomainID, data []byte) (*pontage.Domain, error) {
	// Asked before the picture is looked at, which is dear, and once more where it is kept.
	d, err := s.store.Domain(ctx, id)
	if err != nil {
		return nil, hidden(err)
	}
	if _, err := s.may(ctx, s.store, by, d.ClientID, pontage.DomainWrite); err != nil {
		return nil, err
	}
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
	name := ""
	if len(logo) > 0 {
		name = digest(logo)
	}
	err = s.changeDomain(ctx, by, id, func(tx pontage.Tx, a *pontage.Authority, d *pontage.Domain) (any, error) {
		domain = d
		before := domainFields(d)
		d.LogoDigest = name
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

// LogoPath is where a domain's logo is served: another logo has another path.
func LogoPath(d *pontage.Domain) string {
	return LogosPath + string(d.ID) + "/" + d.LogoDigest + ".png"
}

// LogosPath is where all logos are served.
const LogosPath = "/logos/"

// Logo gives the logo that LogoPath names, a PNG. Everybody may see it: it stands where people sign in. NotFound where there is none, and for a
// logo that was replaced.
func (s *Service) Logo(ctx context.Context, path string) ([]byte, error) {
	domain, file, _ := strings.Cut(strings.TrimPrefix(path, LogosPath), "/")
	logo, err := s.store.DomainLogo(ctx, pontage.DomainID(domain))
	if err != nil {
		return nil, hidden(err)
	}
	if file != digest(logo)+".png" {
		return nil, errNotFound
	}
	return logo, nil
}

func digest(logo []byte) string {
	sum := sha256.Sum256(logo)
	return hex.EncodeToString(sum[:])
}
