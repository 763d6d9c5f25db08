/** Publishes an arm of the open flow as an endpoint. */
export function PublishDialog(_: { readonly onClose: () => void }) {
  return null;
}
