package world

import "strings"

// awsManaged are the AWS managed policies people attach on this road, by their
// name under arn:aws:iam::aws:policy/. The documents are the allow statements
// of the published ones; where AWS adds read access to neighbouring services
// for its console, that part is left out.
var awsManaged = map[string]string{
	"AdministratorAccess":                   `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}`,
	"AmazonS3FullAccess":                    `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["s3:*","s3-object-lambda:*"],"Resource":"*"}]}`,
	"AmazonS3ReadOnlyAccess":                `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["s3:Get*","s3:List*","s3:Describe*"],"Resource":"*"}]}`,
	"AmazonOpenSearchServiceFullAccess":     `{"Version":"2012-10-17","Statement":[{"Action":["es:*"],"Effect":"Allow","Resource":"*"}]}`,
	"AmazonOpenSearchServiceReadOnlyAccess": `{"Version":"2012-10-17","Statement":[{"Action":["es:Describe*","es:List*","es:Get*"],"Effect":"Allow","Resource":"*"}]}`,
	"IAMFullAccess":                         `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["iam:*","organizations:DescribeAccount"],"Resource":"*"}]}`,
	"IAMReadOnlyAccess":                     `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["iam:GenerateCredentialReport","iam:Get*","iam:List*","iam:SimulateCustomPolicy","iam:SimulatePrincipalPolicy"],"Resource":"*"}]}`,
}

const awsManagedPrefix = "arn:aws:iam::aws:policy/"

// AWSManaged is the document of an AWS managed policy by its ARN.
func AWSManaged(arn string) (string, bool) {
	name, ok := strings.CutPrefix(arn, awsManagedPrefix)
	if !ok {
		return "", false
	}
	doc, ok := awsManaged[name]
	return doc, ok
}

// ManagedDocument is the document in force of a managed policy, the customer's
// or AWS's.
func (s *State) ManagedDocument(arn string) (string, bool) {
	if doc, ok := AWSManaged(arn); ok {
		return doc, true
	}
	for _, a := range s.Accounts {
		if p := a.Policies[arn]; p != nil {
			if v := p.Version(""); v != nil {
				return v.Document, true
			}
		}
	}
	return "", false
}
