package sandbox

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/gofrs/flock"

	"snapferry/awsx/awsid"
	"snapferry/awsx/sandbox/proxy"
	"snapferry/awsx/sandbox/wire"
	"snapferry/awsx/sandbox/world"
)

const infoFile = "sandbox.json"

// ErrNotRunning says that nobody serves the sandbox of a directory.
var ErrNotRunning = errors.New("no sandbox is running in this directory")

// Info is how a running sandbox is reached and what is in it. The secrets in it
// open nothing but the sandbox.
type Info struct {
	Dir     string    `json:"dir"`
	Address string    `json:"address"`
	Proxy   string    `json:"proxy"`
	CAFile  string    `json:"ca_file"`
	PID     int       `json:"pid"`
	Started time.Time `json:"started"`
	// ConfigFile and CredentialsFile have a profile for each account.
	ConfigFile      string       `json:"config_file"`
	CredentialsFile string       `json:"credentials_file"`
	Accounts        []Account    `json:"accounts"`
	Domains         []DomainInfo `json:"domains"`
	// Faults are the fault cards the world was made with.
	Faults []string `json:"faults,omitempty"`
	// PodToken is what a pod must show to get its credentials.
	PodToken string `json:"pod_token"`
}

// Account is an account with its administrator's key. Label is the profile.
type Account struct {
	ID        awsid.AccountID `json:"id"`
	Label     string          `json:"label"`
	User      string          `json:"user"`
	AccessKey string          `json:"access_key"`
	Secret    string          `json:"secret_key"`
}

// DomainInfo is a domain of the sandbox.
type DomainInfo struct {
	Label    string              `json:"label"`
	Account  awsid.AccountID     `json:"account"`
	Region   awsid.Region        `json:"region"`
	Name     awsid.DomainName    `json:"name"`
	Endpoint string              `json:"endpoint"`
	Version  awsid.EngineVersion `json:"version"`
	Backend  string              `json:"backend"`
	Access   AccessKind          `json:"access"`
	// Master is who the domain's fine-grained access control takes for its
	// master: the ARN of an IAM identity, or the internal user whose password
	// MasterPassword is. Both are "" without it.
	Master         string `json:"master,omitempty"`
	MasterPassword string `json:"master_password,omitempty"`
}

// publish writes down how the sandbox is reached, for people and for Join.
// It does so again when that has changed.
func (s *Sandbox) publish() error {
	dir := s.world.Dir()
	info := Info{
		Dir: dir, Address: s.proxy.Addr(), Proxy: s.proxy.URL(), CAFile: filepath.Join(dir, proxy.CAFile), PID: os.Getpid(), Started: s.world.Now(),
		ConfigFile: filepath.Join(dir, "aws", "config"), CredentialsFile: filepath.Join(dir, "aws", "credentials"),
	}
	s.world.Read(func(st *world.State) {
		info.PodToken, info.Faults = st.PodToken, slices.Clone(st.Faults)
		for _, a := range st.Accounts {
			info.Accounts = append(info.Accounts, accountOf(a))
		}
		for _, d := range st.Domains {
			info.Domains = append(info.Domains, DomainInfo{
				d.Label, d.Account, d.Region, d.Name, d.Endpoint, d.Version, d.Backend, accessOf(d), master(d), d.Security.MasterPassword,
			})
		}
	})
	slices.SortFunc(info.Accounts, func(a, b Account) int { return strings.Compare(string(a.ID), string(b.ID)) })
	s.mu.Lock()
	if !s.info.Started.IsZero() {
		info.Started = s.info.Started
	}
	s.info = info
	s.mu.Unlock()
	if err := info.writeProfiles(); err != nil {
		return err
	}
	b, err := json.MarshalIndent(info, "", "  ")
	if err != nil {
		return err
	}
	return replaceFile(filepath.Join(dir, infoFile), append(b, '\n'))
}

// accountOf shows the key of the account's administrator: the oldest one, in
// case others were made since.
func accountOf(a *world.Account) Account {
	out := Account{ID: a.ID, Label: a.Label, User: adminUser}
	var oldest *world.AccessKey
	for _, k := range a.Keys {
		if k.User == adminUser && !k.Inactive && (oldest == nil || k.Created.Before(oldest.Created)) {
			oldest = k
		}
	}
	if oldest != nil {
		out.AccessKey, out.Secret = oldest.ID, oldest.Secret
	}
	return out
}

// writeProfiles writes a configuration of its own, so that no profile of the
// person at the keyboard is ever read or written.
func (i Info) writeProfiles() error {
	var config, credentials strings.Builder
	for n, a := range i.Accounts {
		names := []string{a.Label}
		if n == 0 {
			names = append(names, "default")
		}
		for _, name := range names {
			section := "profile " + name
			if name == "default" {
				section = name
			}
			fmt.Fprintf(&config, "[%s]\nregion = %s\noutput = json\n\n", section, Region)
			fmt.Fprintf(&credentials, "[%s]\naws_access_key_id = %s\naws_secret_access_key = %s\n\n", name, a.AccessKey, a.Secret)
		}
	}
	if err := os.MkdirAll(filepath.Dir(i.ConfigFile), 0o700); err != nil {
		return err
	}
	return errors.Join(replaceFile(i.ConfigFile, []byte(config.String())), replaceFile(i.CredentialsFile, []byte(credentials.String())))
}

// replaceFile leaves the old file or the new one behind, never half of it.
func replaceFile(path string, b []byte) error {
	if err := os.WriteFile(path+".new", b, 0o600); err != nil {
		return err
	}
	return os.Rename(path+".new", path)
}

func readInfo(dir string) (Info, error) {
	var info Info
	b, err := os.ReadFile(filepath.Join(dir, infoFile))
	if err == nil {
		err = json.Unmarshal(b, &info)
	}
	return info, err
}

// Join gives the sandbox that another process serves in a directory.
func Join(dir string) (Info, error) {
	info, err := readInfo(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return Info{}, ErrNotRunning
	}
	if err != nil {
		return Info{}, fmt.Errorf("read how the sandbox is reached: %w", err)
	}
	// Whoever serves holds the world's lock; the file alone may be a leftover.
	lock := flock.New(filepath.Join(dir, world.LockFile))
	free, err := lock.TryLock()
	if err != nil {
		return Info{}, err
	}
	if free {
		return Info{}, errors.Join(ErrNotRunning, lock.Unlock())
	}
	return info, nil
}

// lastAddress is where the sandbox of a directory was last served, so that
// clients of one that was killed find it again.
func lastAddress(dir string) string {
	if info, err := readInfo(dir); err == nil && info.Address != "" {
		return info.Address
	}
	return "127.0.0.1:0"
}

// Request is one entry of the request log.
type Request = wire.Entry

// Requests are those a sandbox has answered in its directory, oldest first.
func Requests(dir string) ([]Request, error) { return wire.ReadLog(dir) }
