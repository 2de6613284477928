/** The log's storage in an AWS account: DynamoDB and S3. */
export {}
