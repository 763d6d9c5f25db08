/** Two boards that hold each other: a rail laid through a post, the post's face cut in over half of the crossing. */
export function Logo({ size = 22 }: { readonly size?: number }) {
  return (
    <svg viewBox="0 0 22 22" width={size} height={size} aria-hidden="true">
      <path fill="var(--build-ink)" d="M7.5 1h7v6.2h-7zM7.5 14.8h7V21h-7z" />
      <path fill="var(--accent)" d="M1 7.5h6.5v3.6h7V7.5H21v7H1z" />
      <path fill="var(--build-ink)" d="M8.2 7.9h5.6v2.5H8.2z" />
    </svg>
  );
}
