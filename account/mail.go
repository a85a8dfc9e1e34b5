package account

import (
	"context"
	"embed"
	"fmt"
	"net/url"
	"strings"
	"text/template"
	"time"

	"github.com/pontage/pontage"
)

// noticeLife is how long a mail that says what happened is worth sending.
const noticeLife = 3 * 24 * time.Hour

//go:embed mails/*.txt
var mailFiles embed.FS

// letters are the mails by kind; the first line of each is its subject.
var letters = func() map[string]*template.Template {
	all := map[string]*template.Template{}
	for _, t := range template.Must(template.New("").Option("missingkey=error").ParseFS(mailFiles, "mails/*.txt")).Templates() {
		all[strings.TrimSuffix(t.Name(), ".txt")] = t
	}
	return all
}()

// letter is what a mail may say.
type letter struct {
	// Name is the person's, Host the instance's.
	Name, Host string
	// Link is the page to open; Code proves the mailbox there.
	Link, Code string
	Life       string
	// When, From and Detail tell what happened.
	When, From, Detail string
}

// post writes a mail into the outbox.
func (s *Service) post(ctx context.Context, tx pontage.Tx, kind, recipient string, life time.Duration, l letter) error {
	now := s.clock.Now()
	l.Host, l.When = s.host(), now.Format("2 January 2006 15:04 UTC")
	if l.Link == "" {
		l.Link = s.links
	}
	var text strings.Builder
	if err := letters[kind].Execute(&text, l); err != nil {
		return fmt.Errorf("account: mail %s: %w", kind, err)
	}
	subject, body, _ := strings.Cut(text.String(), "\n")
	return tx.InsertMail(ctx, pontage.NewMail(s.credentials.Keys, now, life, kind, recipient, subject, body))
}

// host is the instance's name as people know it.
func (s *Service) host() string {
	if u, err := url.Parse(s.links); err == nil && u.Host != "" {
		return u.Host
	}
	return "Pontage"
}

// link is a page of the dashboard with a code in the fragment, which browsers send to nobody.
func (s *Service) link(page, code string) string { return s.links + "/" + page + "#code=" + code }

// lasting writes a lifetime for people.
func lasting(life time.Duration) string {
	if life%(24*time.Hour) == 0 && life > 24*time.Hour {
		return fmt.Sprintf("%d days", life/(24*time.Hour))
	}
	if life == time.Hour {
		return "one hour"
	}
	return fmt.Sprintf("%d hours", life/time.Hour)
}
