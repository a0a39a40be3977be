/** Reads a list for a page of the portal: a warehouse that is down becomes a card, a wrong cursor starts over. */
import { type CardData, cardData } from '@/lib/edge/portal/page-card';
import { AppError } from '@/lib/platform/errors';

/** What `read` answers; without the cursor where it is not one of ours. */
export async function cardFromStart<Asked extends { after?: string | undefined }, Data>(
  requestId: string,
  asked: Asked,
  read: (asked: Asked) => Promise<Data>,
): Promise<CardData<Data>> {
  try {
    return await cardData(requestId, read(asked));
  } catch (error) {
    if (error instanceof AppError && error.code === 'invalid_cursor')
      return cardData(requestId, read({ ...asked, after: undefined }));
    throw error;
  }
}
