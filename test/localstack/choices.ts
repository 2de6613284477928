/** How what is tested is deployed: every choice that LocalStack has a use for. */
export const CHOICES = ["-c", "news=true", "-c", "throwAway=true"]
