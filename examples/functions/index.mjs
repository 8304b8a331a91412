export const handler = async () => {
  const answer = await fetch("https://example.com/");
  return { statusCode: answer.status };
};
