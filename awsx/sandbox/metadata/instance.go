package metadata

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"net/http"
	"strconv"
	"strings"
	"time"

	"snapferry/awsx/sandbox/wire"
)

// The headers of version 2 of the service.
const (
	ttlHeader   = "X-Aws-Ec2-Metadata-Token-Ttl-Seconds"
	tokenHeader = "X-Aws-Ec2-Metadata-Token"
)

// mostTTL is the longest a token lives, in seconds.
const mostTTL = 21600

// ec2 is the service a role must trust to be an instance's.
const ec2 = "ec2.amazonaws.com"

// instance is the metadata service as an instance that demands tokens has it.
func (s *Service) instance(m Machine) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		note(r, "InstanceMetadata")
		path := strings.TrimPrefix(r.URL.Path, "/latest")
		switch {
		case path == "/api/token":
			s.giveToken(w, r, m)
		case r.Method != http.MethodGet:
			w.WriteHeader(http.StatusMethodNotAllowed)
		case !s.good(m, r.Header.Get(tokenHeader)):
			page(w, http.StatusUnauthorized)
		default:
			s.read(w, m, path)
		}
	})
}

// giveToken refuses requests that came through a proxy of the instance's own:
// that is how the service keeps tokens from being fetched from outside.
func (s *Service) giveToken(w http.ResponseWriter, r *http.Request, m Machine) {
	seconds, err := strconv.Atoi(r.Header.Get(ttlHeader))
	switch {
	case r.Method != http.MethodPut:
		w.WriteHeader(http.StatusMethodNotAllowed)
		return
	case r.Header.Get("X-Forwarded-For") != "":
		page(w, http.StatusForbidden)
		return
	case err != nil || seconds < 1 || seconds > mostTTL:
		page(w, http.StatusBadRequest)
		return
	}
	w.Header().Set(ttlHeader, strconv.Itoa(seconds))
	w.Header().Set("Content-Type", "text/plain")
	_, _ = w.Write([]byte(s.token(m, s.world.Now().Add(time.Duration(seconds)*time.Second))))
}

// token is good on one machine until a moment, which stands in it.
func (s *Service) token(m Machine, end time.Time) string {
	raw := binary.BigEndian.AppendUint64(nil, uint64(end.Unix()))
	mac := hmac.New(sha256.New, s.seal[:])
	mac.Write(append(raw, (m.Account + "/" + m.Role)...))
	return base64.URLEncoding.EncodeToString(mac.Sum(raw))
}

func (s *Service) good(m Machine, token string) bool {
	raw, err := base64.URLEncoding.DecodeString(token)
	if err != nil || len(raw) < 8 {
		return false
	}
	end := time.Unix(int64(binary.BigEndian.Uint64(raw)), 0)
	return hmac.Equal([]byte(token), []byte(s.token(m, end))) && s.world.Now().Before(end)
}

// page is how the service refuses.
func page(w http.ResponseWriter, status int) {
	text := strconv.Itoa(status) + " - " + http.StatusText(status)
	w.Header().Set("Content-Type", "text/html")
	w.WriteHeader(status)
	_, _ = w.Write([]byte(`<?xml version="1.0" encoding="iso-8859-1"?>
<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN"
	"http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">
<html xmlns="http://www.w3.org/1999/xhtml" xml:lang="en" lang="en">
 <head>
  <title>` + text + `</title>
 </head>
 <body>
  <h1>` + text + `</h1>
 </body>
</html>
`))
}

const rolesPath = "/meta-data/iam/security-credentials/"

// read answers the few questions that programs on a migration's way ask.
func (s *Service) read(w http.ResponseWriter, m Machine, path string) {
	zone := string(m.Region) + "a"
	plain := map[string]string{
		"/meta-data/":                            "ami-id\nhostname\niam/\ninstance-id\ninstance-type\nlocal-ipv4\nplacement/",
		"/meta-data/instance-id":                 s.instanceID(m),
		"/meta-data/instance-type":               "t3.micro",
		"/meta-data/ami-id":                      "ami-0" + m.id(16),
		"/meta-data/local-ipv4":                  "10.0.0.10",
		"/meta-data/hostname":                    "ip-10-0-0-10." + string(m.Region) + ".compute.internal",
		"/meta-data/placement/region":            string(m.Region),
		"/meta-data/placement/availability-zone": zone,
	}
	account, role := s.find(m)
	switch name, asked := strings.CutPrefix(path, rolesPath); {
	case plain[path] != "":
		w.Header().Set("Content-Type", "text/plain")
		_, _ = w.Write([]byte(plain[path]))
	case path == "/dynamic/instance-identity/document" && account != nil:
		wire.JSON(w, http.StatusOK, map[string]string{
			"accountId": string(account.ID), "instanceId": s.instanceID(m), "region": string(m.Region), "availabilityZone": zone,
			"instanceType": "t3.micro", "imageId": "ami-0" + m.id(16), "privateIp": "10.0.0.10", "architecture": "x86_64", "version": "2017-09-30",
		})
	case role == nil:
		page(w, http.StatusNotFound) // an instance without a profile
	case path+"/" == rolesPath || asked && name == "":
		w.Header().Set("Content-Type", "text/plain")
		_, _ = w.Write([]byte(role.Name))
	case asked && name == role.Name:
		s.giveCredentials(w, m)
	case path == "/meta-data/iam/info":
		arn := account.RoleARN(role)
		arn.Resource = "instance-profile" + role.Path + role.Name
		wire.JSON(w, http.StatusOK, map[string]string{"Code": "Success", "LastUpdated": stamp(s.world.Now()), "InstanceProfileArn": arn.String(), "InstanceProfileId": "AIPA" + strings.ToUpper(m.id(17))})
	default:
		page(w, http.StatusNotFound)
	}
}

func (s *Service) instanceID(m Machine) string { return "i-0" + m.id(16) }

// giveCredentials answers 200 in any case: the code in it tells how it went.
func (s *Service) giveCredentials(w http.ResponseWriter, m Machine) {
	session, arn, v := s.credentials(m, ec2, s.instanceID(m))
	switch v {
	case given:
		wire.JSON(w, http.StatusOK, map[string]string{
			"Code": "Success", "LastUpdated": stamp(session.Issued), "Type": "AWS-HMAC", "AccessKeyId": session.Key,
			"SecretAccessKey": session.Secret, "Token": session.Token, "Expiration": stamp(session.Expires),
		})
	case notTrusted:
		wire.JSON(w, http.StatusOK, map[string]string{
			"Code": "AssumeRoleUnauthorizedAccess", "LastUpdated": stamp(s.world.Now()),
			"Message": "EC2 cannot assume the role " + arn.Name() + ". Please see documentation at https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_iam-ec2.html#troubleshoot_iam-ec2_errors-info.",
		})
	default:
		page(w, http.StatusNotFound)
	}
}
