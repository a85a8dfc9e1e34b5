package account

import (
	"context"
	"net/url"
	"reflect"
	"regexp"
	"strings"
	"time"
	_ "time/tzdata" // the same zones on every machine

	"golang.org/x/text/language"

	"github.com/pontage/pontage"
)

// Me gives the person of by, without their password.
func (s *Service) Me(ctx context.Context, by pontage.Actor) (*pontage.User, error) {
	if by.Kind != pontage.ActorUser {
		return nil, errNoSession
	}
	user, err := s.store.User(ctx, by.UserID)
	if err != nil {
		return nil, err
	}
	user.Password = ""
	return user, nil
}

// ChangeProfile writes the whole profile of by's user, in its usual forms. InvalidInput at the field's pointer, such as "/country".
func (s *Service) ChangeProfile(ctx context.Context, by pontage.Actor, profile pontage.Profile) (user *pontage.User, err error) {
	if by.Kind != pontage.ActorUser {
		return nil, errNoSession
	}
	if err := s.checkProfile(&profile); err != nil {
		return nil, err
	}
	err = s.store.Write(ctx, func(tx pontage.Tx) error {
		if user, err = tx.LockUser(ctx, by.UserID); err != nil {
			return err
		}
		changed := changedFields(user.Profile, profile)
		if changed == "" {
			return nil
		}
		user.Profile = profile
		if err := tx.UpdateUser(ctx, *user); err != nil {
			return err
		}
		return s.note(ctx, tx, by, user.AccountID, "user.change_profile", string(user.ID), nil, pontage.AuditFields{"fields": changed})
	})
	if err != nil {
		return nil, err
	}
	user.Password = ""
	return user, nil
}

const (
	maxSocials  = 20
	maxLanguage = 35
)

var phoneForm = regexp.MustCompile(`^\+?[0-9][0-9 ()./-]{3,30}$`)

// checkProfile checks every field and writes countries and locales as their standards do.
func (s *Service) checkProfile(p *pontage.Profile) (err error) {
	for _, c := range []struct{ text, field string }{
		{p.Name, "/name"}, {p.GivenName, "/givenName"}, {p.FamilyName, "/familyName"}, {p.Gender, "/gender"},
	} {
		if err := pontage.CheckText(c.text, c.field); err != nil {
			return err
		}
	}
	if p.SecondEmail != "" && checkEmail(p.SecondEmail) != nil {
		return pontage.E(pontage.InvalidInput, "This is no e-mail address.").At("/secondEmail")
	}
	if p.Country, err = country(p.Country, "/country"); err != nil {
		return err
	}
	if p.Locale, err = locale(p.Locale); err != nil {
		return err
	}
	if err := checkPage(p.Picture, "/picture"); err != nil {
		return err
	}
	return firstError(checkPhone(p.Phone, "/phone"), checkZone(p.TimeZone), s.checkBirth(p.BirthDate), checkSocials(p.Socials))
}

func firstError(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

func checkPhone(text, field string) error {
	if text != "" && !phoneForm.MatchString(text) {
		return pontage.E(pontage.InvalidInput, "This is no telephone number.").At(field)
	}
	return nil
}

// country takes an ISO 3166-1 code of two or three letters in any case and gives the one of two; empty stays empty.
func country(text, field string) (string, error) {
	if text == "" {
		return "", nil
	}
	region, err := language.ParseRegion(text)
	code := region.String()
	if err != nil || len(text) < 2 || len(text) > 3 || len(code) != 2 || !region.IsCountry() || strings.ContainsAny(text, "0123456789") {
		return "", pontage.E(pontage.InvalidInput, "This is no country of ISO 3166.").At(field)
	}
	return code, nil
}

func locale(text string) (string, error) {
	if text == "" {
		return "", nil
	}
	tag, err := language.Parse(text)
	if err != nil || len(text) > maxLanguage {
		return "", pontage.E(pontage.InvalidInput, "This is no language tag, such as en or nl-BE.").At("/locale")
	}
	return tag.String(), nil
}

func checkZone(text string) error {
	if text == "" {
		return nil
	}
	if _, err := time.LoadLocation(text); err != nil || text == "Local" || len(text) > 64 {
		return pontage.E(pontage.InvalidInput, "This is no time zone, such as Europe/Amsterdam.").At("/timeZone")
	}
	return nil
}

func (s *Service) checkBirth(text string) error {
	if text == "" {
		return nil
	}
	born, err := time.Parse(time.DateOnly, text)
	if err != nil || born.Year() < 1900 || born.After(s.clock.Now()) {
		return pontage.E(pontage.InvalidInput, "This is no date of birth, such as 1990-12-31.").At("/birthDate")
	}
	return nil
}

func checkSocials(all []pontage.SocialProfile) error {
	if len(all) > maxSocials {
		return pontage.E(pontage.InvalidInput, "At most %d are kept.", maxSocials).At("/socials")
	}
	for _, p := range all {
		if p.Platform == "" {
			return pontage.E(pontage.InvalidInput, "The platform is missing.").At("/socials")
		}
		if err := firstError(pontage.CheckText(p.Platform, "/socials"), pontage.CheckText(p.Username, "/socials"), checkPage(p.URL, "/socials")); err != nil {
			return err
		}
	}
	return nil
}

// checkPage takes an https URL without a user, or nothing.
func checkPage(text, field string) error {
	if text == "" {
		return nil
	}
	u, err := url.Parse(text)
	if err != nil || u.Scheme != "https" || u.Host == "" || u.User != nil || len(text) > 500 || pontage.CheckText(u.Host, field) != nil {
		return pontage.E(pontage.InvalidInput, "This is no https URL.").At(field)
	}
	return nil
}

// changedFields names what differs, never with its value: the log outlives the person.
func changedFields[T any](before, after T) string {
	var names []string
	a, b := reflect.ValueOf(before), reflect.ValueOf(after)
	for i := range a.NumField() {
		if !reflect.DeepEqual(a.Field(i).Interface(), b.Field(i).Interface()) {
			name, _, _ := strings.Cut(a.Type().Field(i).Tag.Get("json"), ",")
			names = append(names, name)
		}
	}
	return strings.Join(names, ", ")
}
