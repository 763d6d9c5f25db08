/** A line of JSON Lines in OpenAI's messages: one question, and what was answered. */
export function writeChat(question: string, answer: string): string {
  const messages = [
    { role: 'user', content: question },
    { role: 'assistant', content: answer },
  ];
  return `${JSON.stringify({ messages })}\n`;
}
