
// The rehearsal was started over: this tab's place is gone, a new one waits at the same address.
const plainFetch = window.fetch;
window.fetch = async (...request) => {
  const response = await plainFetch(...request);
  if (response.status === 410) window.location.reload();
  return response;
};
